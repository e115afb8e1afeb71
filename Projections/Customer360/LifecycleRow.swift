import ProjectionRuntime

/// What decides the stage of a party's life with us (READ_MODELS.md section 8), in the order in which it was told.
///
/// The stages themselves are derived when somebody reads, from the facts of all parties that are one customer.
struct LifecycleRow: RowValue, Equatable {
    enum Kind: UInt8, Sendable {
        case subscribed, captured, mql, sql, dealOpened, dealClosed, bought, byHand
    }

    struct Fact: Equatable, Sendable {
        let kind: Kind
        /// Milliseconds since 1970.
        let time: Int64
        let position: UInt64
        /// The stage that somebody set by hand; else empty.
        let stage: String
    }

    /// Facts that are kept, at most: of a party with more, later deals change its stage no more. Deals that open matter
    /// only until the first purchase.
    static let factCountMax = 64

    private(set) var facts: [Fact] = []

    init() {}

    mutating func add(_ fact: Fact) {
        switch fact.kind {
        case .subscribed, .captured, .mql, .sql, .bought:
            // The first one counts, and a late one may be the first.
            if let known = facts.firstIndex(where: { $0.kind == fact.kind }) {
                guard fact.time < facts[known].time else { return }
                facts.remove(at: known)
            }
        case .dealOpened:
            if facts.count >= Self.factCountMax || bought ?? .max < fact.time { return }
        case .dealClosed: if count(.dealOpened) <= count(.dealClosed) { return }
        case .byHand:
            if facts.count >= Self.factCountMax, let oldest = facts.firstIndex(where: { $0.kind == .byHand }) {
                facts.remove(at: oldest)
            }
        }
        facts.append(fact)
    }

    private func count(_ kind: Kind) -> Int { facts.reduce(0) { $1.kind == kind ? $0 + 1 : $0 } }

    private var bought: Int64? { facts.first { $0.kind == .bought }?.time }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(facts) { encoder, fact in
            encoder.integer(Int64(fact.kind.rawValue))
            encoder.integer(fact.time)
            encoder.integer(Int64(bitPattern: fact.position))
            encoder.text(fact.stage)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        facts = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Fact in
            guard let code = UInt8(exactly: try decoder.integer()), let kind = Kind(rawValue: code) else {
                throw damagedRow()
            }
            return Fact(
                kind: kind, time: try decoder.integer(), position: UInt64(bitPattern: try decoder.integer()),
                stage: try decoder.text())
        }
    }
}
