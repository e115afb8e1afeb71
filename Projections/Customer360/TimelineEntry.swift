import CanonicalJSON
import ProjectionRuntime

/// One event on a party's timeline.
struct TimelineEntry: Equatable, Sendable {
    let position: UInt64
    /// Milliseconds since 1970.
    let time: Int64
    let type: String
    /// Empty where the event has none.
    let channel: String
    let stream: String
    /// Whether its event has personal fields.
    let isPersonal: Bool

    func json(personal: JSON) -> JSON {
        [
            "channel": channel.isEmpty ? .null : .text(channel), "personal": personal,
            "position": .integer(Int64(clamping: position)), "stream": .text(stream), "time_ms": .integer(time),
            "type": .text(type),
        ]
    }
}

/// Where a chunk of a timeline lies: with its party, by the position of its first entry.
struct TimelineKey: RowKey {
    let party: PartyKey
    let first: UInt64

    init(_ party: PartyKey, _ first: UInt64) {
        self.party = party
        self.first = first
    }

    /// A position is in one timeline only, so it alone is a perfect hash.
    func hash(into hasher: inout Hasher) { hasher.combine(first) }
    var tableHash: Int { Int(truncatingIfNeeded: (first &* 0x9E37_79B9_7F4A_7C15) >> 32) }

    func encode(to encoder: inout KeyEncoder) {
        party.encode(to: &encoder)
        encoder.unsigned(first)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        party = try PartyKey(from: &decoder)
        first = try decoder.unsigned()
    }
}
