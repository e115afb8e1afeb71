import CRMEvents
import ProjectionRuntime

/// What one party's stream says about merges: who was merged into it, and who stands alone again.
struct MergeRow: Equatable, Sendable {
    /// One party merged or restored.
    struct Assertion: Equatable, Sendable {
        let time: Int64
        let position: Int64
        /// The stream name of the party that was merged, such as `account-42`.
        let party: String
        /// Whether it was merged; an unmerge takes that back.
        let isMerged: Bool
    }

    var assertions: [Assertion] = []

    /// Takes over an event, if it says something of the kind.
    mutating func take(_ event: PartyEvent, at time: Int64, position: Int64) {
        switch event {
        case .merged(let merged): add(merged.mergedIDs, true, time, position)
        case .unmerged(let unmerged): add(unmerged.restoredIDs, false, time, position)
        default: break  // Of nobody's identity.
        }
    }

    private mutating func add(_ parties: [String], _ isMerged: Bool, _ time: Int64, _ position: Int64) {
        assertions += parties.map { Assertion(time: time, position: position, party: $0, isMerged: isMerged) }
    }
}

// A row is the list of assertions: time, position, party, whether merged.

extension MergeRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.list(assertions) { encoder, assertion in
            encoder.integer(assertion.time)
            encoder.integer(assertion.position)
            encoder.text(assertion.party)
            encoder.boolean(assertion.isMerged)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        assertions = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
            Assertion(
                time: try decoder.integer(), position: try decoder.integer(), party: try decoder.text(),
                isMerged: try decoder.boolean())
        }
    }
}

extension MergeMap<String> {
    /// Who is part of whom as known at a cut, by the names of their streams. Rows of deals and leads keep the id that
    /// was recorded.
    init(_ rows: [(survivor: String, row: MergeRow)], _ cut: Cut) {
        self.init(
            rows.flatMap { survivor, row in
                row.assertions.filter { cut.sees(time: $0.time, position: $0.position) }.map { said in
                    Assertion(
                        position: UInt64(said.position), said.isMerged ? .merged : .restored, of: said.party, survivor)
                }
            })
    }

    /// The account that an account's deals count for.
    func account(_ id: String) -> String {
        let survivor = survivor(of: "account-" + id)
        return survivor.hasPrefix("account-") ? String(survivor.dropFirst("account-".count)) : survivor
    }

    /// The lead that a lead counts as, whatever the last of them became part of.
    func lead(_ id: String) -> String {
        var lead = "lead-" + id
        let survivor = survivor(of: lead)
        if survivor.hasPrefix("lead-") {
            lead = survivor
        } else {
            while let above = parent(of: lead), above.hasPrefix("lead-") { lead = above }
        }
        return String(lead.dropFirst("lead-".count))
    }
}
