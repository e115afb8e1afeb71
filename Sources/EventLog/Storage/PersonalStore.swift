internal import EventModel
internal import LMDB
internal import RecordFormat

/// The sealed personal fields of sealed records, in an environment of its own: what can be deleted, and compacted,
/// without touching what is kept forever (VERIFIABILITY.md 4.1).
///
/// Key: position u64 ‖ slot u8, big-endian. Value: XXH64 of the rest ‖ content tag 32 ‖ the sealed blob.
final class PersonalStore: Sendable {
    /// One row: what a slot of an event holds.
    typealias Row = (key: [UInt8], value: [UInt8])

    private static let headByteCount = 8 + 32
    private static let pageByteCount = 8 << 20

    private let environment: Environment
    private let rows: Database

    init(at directory: String, isReadOnly: Bool, mapByteCount: Int) throws(LMDBError) {
        environment = try Environment(
            at: directory, options: .init(mapByteCount: mapByteCount, databaseCountMax: 2, isReadOnly: isReadOnly))
        guard let rows = try environment.database("fields") else {
            throw .corrupted("there is no database of sealed fields")
        }
        self.rows = rows
    }

    /// The rows of a record's sealed fields.
    static func rows(of fields: [SealedFields], at position: Position) -> [Row] {
        fields.enumerated().map { slot, fields in
            var value = [UInt8](repeating: 0, count: 8)
            value += fields.contentTag
            value += fields.blob
            let checksum = XXH64.hash(value.span, from: 8)
            value.replaceSubrange(0..<8, with: checksum.bigEndianBytes)
            return (key(position, slot), value)
        }
    }

    /// Writes rows, and returns after the disk has them. Rows that stand there already are written over: an
    /// interrupted sealing brings the same ones again.
    func write(_ new: [Row]) throws(LMDBError) {
        guard !new.isEmpty else { return }
        try environment.preallocate(for: new.reduce(1 << 20) { $0 + $1.value.count + 128 })
        try environment.write { transaction throws(LMDBError) in
            for row in new { try transaction.put(row.value, for: row.key, in: rows) }
        }
    }

    /// Whether there is any row.
    var holdsFields: Bool {
        get throws(ReadError) {
            do throws(LMDBError) {
                return try environment.read { transaction throws(LMDBError) in
                    try transaction.rowCount(of: rows) > 0
                }
            } catch {
                throw .storage(error.description)
            }
        }
    }

    /// The content tag and the blob of a slot; `nil` if they are deleted.
    func fields(at position: Position, slot: Int) throws(ReadError) -> (contentTag: [UInt8], blob: [UInt8])? {
        let value: [UInt8]?
        do throws(LMDBError) {
            value = try environment.read { transaction throws(LMDBError) in
                try transaction.value(of: Self.key(position, slot), in: rows)
            }
        } catch {
            throw .storage(error.description)
        }
        guard let value else { return nil }
        guard value.count >= Self.headByteCount,
            XXH64.hash(value.span, from: 8).bigEndianBytes == Array(value[0..<8])
        else { throw .corruptRecord(at: position, why: "its sealed fields do not match their checksum") }
        return (Array(value[8..<Self.headByteCount]), Array(value[Self.headByteCount...]))
    }

    /// The rows of events from a position on, before another, as many events as make a page; for a backup.
    func page(from start: Position, before end: Position) throws(LMDBError) -> [Row] {
        try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: rows) { cursor throws(LMDBError) in
                var found: [Row] = []
                var byteCount = 0
                var isOnRow = try cursor.seek(atOrAfter: start.index.bigEndianBytes)
                while isOnRow, cursor.key.bigEndianPosition < end.index {
                    let isNewEvent = found.last?.key.bigEndianPosition != cursor.key.bigEndianPosition
                    if isNewEvent, byteCount > Self.pageByteCount { break }
                    found.append((cursor.key, cursor.value))
                    byteCount += cursor.value.count
                    isOnRow = try cursor.next()
                }
                return found
            }
        }
    }

    private static func key(_ position: Position, _ slot: Int) -> [UInt8] {
        position.index.bigEndianBytes + [UInt8(slot)]
    }
}
