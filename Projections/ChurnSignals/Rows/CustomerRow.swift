import EventModel
import ProjectionRuntime

/// What is known of one party: its newest facts, and how many full chunks of older ones lie beside.
struct CustomerRow: Hashable, Sendable, RowValue {
    /// The newest facts in the order of their positions, fewer than ``factCountMax``.
    var facts: [Fact] = []
    /// Full chunks in the table of older facts.
    var chunkCount: Int64 = 0
    /// The times of the newest recorded ``Fact/What/touched`` and ``Fact/What/spoke``: a later one of the same UTC day
    /// says nothing new, whatever moment is asked for, and most events of a busy customer are such.
    var touchedTime = Int64.min
    var spokeTime = Int64.min

    /// Facts of one row: about 2 KB, so that a row that changes does not drag a long history along.
    static let factCountMax = 128

    init() {}

    init(from decoder: inout RowDecoder) throws(RowError) {
        chunkCount = try decoder.integer()
        touchedTime = try decoder.integer()
        spokeTime = try decoder.integer()
        facts = try [Fact](from: &decoder)
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(chunkCount)
        encoder.integer(touchedTime)
        encoder.integer(spokeTime)
        facts.encode(to: &encoder)
    }

    /// Whether a fact says something new. Two interactions of one day on which another day's was recorded in between
    /// may both stay; answers do not mind.
    mutating func isNews(_ what: Fact.What, at time: Int64) -> Bool {
        switch what {
        case .touched: Self.isNews(&touchedTime, time)
        case .spoke: Self.isNews(&spokeTime, time)
        default: true
        }
    }

    /// An earlier time of the same day is news: who asks as of a moment between the two knows only that one.
    private static func isNews(_ known: inout Int64, _ time: Int64) -> Bool {
        if time >= known, ChurnSignals.day(of: time) == ChurnSignals.day(of: known) { return false }
        known = time
        return true
    }
}

/// A full chunk of older facts. It never changes again.
struct FactChunk: Hashable, Sendable, RowValue {
    let facts: [Fact]

    init(_ facts: [Fact]) { self.facts = facts }
    init(from decoder: inout RowDecoder) throws(RowError) { facts = try [Fact](from: &decoder) }
    func encode(to encoder: inout RowEncoder) { facts.encode(to: &encoder) }
}

/// Where a chunk lies: those of a party side by side, the oldest first.
struct ChunkKey: RowKey {
    let party: PartyKey
    let chunk: UInt64

    init(_ party: PartyKey, _ chunk: UInt64) {
        self.party = party
        self.chunk = chunk
    }

    func encode(to encoder: inout KeyEncoder) {
        party.encode(to: &encoder)
        encoder.unsigned(chunk)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        party = try PartyKey(from: &decoder)
        chunk = try decoder.unsigned()
    }
}
