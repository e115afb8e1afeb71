import ProjectionRuntime

/// A fingerprint of everything that the other tables hold: the key under which a population is remembered.
///
/// A position would not do. It grows with events that concern nobody's staying, and two logs in one process share
/// positions. Both numbers are sums, so they do not depend on who folds what first.
struct ContentRow: Hashable, Sendable, SumRow {
    /// Facts and assertions, in all.
    var changeCount: Int64 = 0
    /// The sum of a hash of each, wrapping around at 2^64, as a bit pattern.
    var digest: Int64 = 0

    init() {}

    init(from decoder: inout RowDecoder) throws(RowError) {
        changeCount = try decoder.integer()
        digest = try decoder.integer()
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(changeCount)
        encoder.integer(digest)
    }

    static func += (sum: inout ContentRow, other: ContentRow) {
        sum.changeCount &+= other.changeCount
        sum.digest &+= other.digest
    }

    /// Takes one more into account: where it stands in the log, when it happened, whose it is, and its content.
    mutating func add(_ position: UInt64, _ time: Int64, _ party: Ref, _ content: Int64) {
        changeCount += 1
        var mixed = position &* 0x9E37_79B9_7F4A_7C15
        for number in [time, party.number, content] {
            mixed = (mixed ^ UInt64(bitPattern: number)) &* 0xBF58_476D_1CE4_E5B9
            mixed ^= mixed >> 31
        }
        digest &+= Int64(bitPattern: mixed)
    }
}

/// The key of a table's only row. Its hash costs nothing.
struct OnlyRow: RowKey {
    init() {}
    func encode(to encoder: inout KeyEncoder) { encoder.text("all") }
    init(from decoder: inout KeyDecoder) throws(RowError) { _ = try decoder.text() }
}
