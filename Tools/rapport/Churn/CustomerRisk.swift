import CanonicalJSON

/// What the churn view says of a customer.
struct CustomerRisk {
    let account: String
    let band: RiskBand
    /// The risk in basis points.
    let risk: Int64
    /// The version of the churn rule, 0 for the starting values.
    let ruleVersion: Int64
    /// Positions of the newest events that the risk rests on, ascending.
    let evidence: [UInt64]

    /// Events that a signal names, at most.
    private static let evidenceCountMax = 20

    /// A row of the scan; `nil` for one that says nothing of the kind.
    init?(_ row: JSON) {
        guard let account = row["account_id"]?.text, let risk = row["risk_bp"]?.integer,
            let band = row["band"]?.text.flatMap(RiskBand.init(rawValue:))
        else { return nil }
        (self.account, self.band, self.risk) = (account, band, risk)
        ruleVersion = row["rule"]?["version"]?.integer ?? 0
        let positions = (row["reasons"]?.elements ?? []).flatMap { $0["evidence"]?.elements ?? [] }
        evidence = Set(positions.compactMap(\.integer)).sorted().suffix(Self.evidenceCountMax).map {
            UInt64(clamping: $0)
        }
    }

    /// Of a customer that is none of its own any more.
    init(gone account: String) {
        (self.account, band, risk, ruleVersion, evidence) = (account, .green, 0, 0, [])
    }
}
