import CanonicalJSON
import EventModel
import ProjectionRuntime

/// What a party allowed: for each purpose and channel the last thing that was said. Times are milliseconds since 1970.
struct ConsentRow: RowValue, Equatable {
    struct Entry: Equatable, Sendable {
        let purpose: String
        let channel: String
        var isGranted: Bool
        /// The legal basis of a grant; what triggered a withdrawal.
        var why: String
        var since: Int64
        var expiresAt: Int64?
        var position: UInt64
        var event: String
    }

    /// By purpose and channel, ascending.
    private(set) var entries: [Entry] = []

    init() {}

    mutating func set(_ entry: Entry) {
        let index =
            entries.firstIndex { ($0.purpose, $0.channel) >= (entry.purpose, entry.channel) } ?? entries.count
        if index < entries.count, entries[index].purpose == entry.purpose, entries[index].channel == entry.channel {
            entries[index] = entry
        } else {
            entries.insert(entry, at: index)
        }
    }

    /// Takes over what another party that is the same person said later.
    mutating func add(_ other: ConsentRow) {
        for entry in other.entries {
            let known = entries.first { $0.purpose == entry.purpose && $0.channel == entry.channel }
            if let known, (known.since, known.position) > (entry.since, entry.position) { continue }
            set(entry)
        }
    }

    /// The matrix: purpose, then channel. A grant that has run out by the moment is `expired`.
    func json(at moment: Int64) -> JSON {
        var matrix: [String: JSON.Members] = [:]
        for entry in entries {
            let isExpired = entry.isGranted && entry.expiresAt.map { $0 <= moment } ?? false
            matrix[entry.purpose, default: [:]][entry.channel] = [
                "state": .text(isExpired ? "expired" : entry.isGranted ? "granted" : "withdrawn"),
                entry.isGranted ? "legal_basis" : "trigger": .text(entry.why), "since_ms": .integer(entry.since),
                "expires_at_ms": .from(entry.expiresAt), "event": .text(entry.event),
                "position": .integer(Int64(clamping: entry.position)),
            ]
        }
        return .object(matrix.mapValues { .object($0) })
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(entries) { encoder, entry in
            encoder.text(entry.purpose)
            encoder.text(entry.channel)
            encoder.boolean(entry.isGranted)
            encoder.text(entry.why)
            encoder.integer(entry.since)
            encoder.optionalInteger(entry.expiresAt)
            encoder.integer(Int64(bitPattern: entry.position))
            encoder.text(entry.event)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        entries = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Entry in
            Entry(
                purpose: try decoder.text(), channel: try decoder.text(), isGranted: try decoder.boolean(),
                why: try decoder.text(), since: try decoder.integer(), expiresAt: try decoder.optionalInteger(),
                position: UInt64(bitPattern: try decoder.integer()), event: try decoder.text())
        }
    }
}
