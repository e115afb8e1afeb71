import ProjectionRuntime

/// Two parties that somebody said belong together. The first is whose rows change: the survivor, or the account.
struct TieKey: RowKey {
    let first: PartyKey
    let second: PartyKey

    init(_ first: PartyKey, _ second: PartyKey) {
        self.first = first
        self.second = second
    }

    func encode(to encoder: inout KeyEncoder) {
        first.encode(to: &encoder)
        second.encode(to: &encoder)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        first = try PartyKey(from: &decoder)
        second = try PartyKey(from: &decoder)
    }
}

/// Everything that was said about the two, in the order of the positions.
///
/// Merging and unmerging are assertions: nothing is moved when they come, and every answer takes those that were
/// known at its position.
struct TieRow: Hashable, Sendable, RowValue {
    struct Assertion: Hashable, Sendable {
        var position: UInt64
        /// Milliseconds since 1970 in UTC.
        var time: Int64
        var kind: Kind
    }

    enum Kind: Int64, Sendable {
        /// The second became part of the first, and stands alone again.
        case merged, restored
        /// The second, a lead, became the first, an account.
        case converted
        /// The second, a contact, works for the first, as its decision maker or otherwise, and no longer does.
        case linked, linkedAsDecisionMaker, unlinked, unlinkedAsDecisionMaker
    }

    var assertions: [Assertion] = []

    init() {}

    init(from decoder: inout RowDecoder) throws(RowError) {
        assertions = try decoder.list { decoder throws(RowError) in
            let position = UInt64(bitPattern: try decoder.integer())
            let time = try decoder.integer()
            guard let kind = Kind(rawValue: try decoder.integer()) else {
                throw RowError(expected: "assertion", offset: 0)
            }
            return Assertion(position: position, time: time, kind: kind)
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(assertions) { encoder, assertion in
            encoder.integer(Int64(bitPattern: assertion.position))
            encoder.integer(assertion.time)
            encoder.integer(assertion.kind.rawValue)
        }
    }
}
