internal import EventModel
internal import LMDB
internal import RecordFormat

/// The ground state: position → record, in one LMDB environment with default sync.
///
/// A commit touches the right edge only. Every record is checked on every read, since LMDB 0.9 has no
/// page checksum.
final class LogStore: Sendable {
    private let environment: Environment
    private let records: Database

    init(at directory: String, isReadOnly: Bool, mapByteCount: Int) throws(LMDBError) {
        environment = try Environment(
            at: directory,
            options: .init(
                mapByteCount: mapByteCount, databaseCountMax: 4, isReadOnly: isReadOnly,
                growthByteCount: min(32 << 20, mapByteCount / 16)))
        guard let records = try environment.database("records") else {
            throw .corrupted("there is no database of records")
        }
        self.records = records
    }

    /// Bytes of the file in use, and bytes that it may ever use.
    var byteCounts: (used: Int, max: Int) { (environment.usedByteCount, environment.mapByteCount) }

    /// The position after the newest record.
    func end() throws(LMDBError) -> Position {
        try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: records) { cursor throws(LMDBError) in
                try cursor.last() ? Position(cursor.key.bigEndianPosition).next : .origin
            }
        }
    }

    /// Appends records and returns after the disk has them.
    func append(_ batch: [(position: Position, record: [UInt8])]) throws(LMDBError) {
        try environment.preallocate()
        try environment.write { transaction throws(LMDBError) in
            for (position, record) in batch {
                try transaction.append(record, for: position.bigEndian, to: records)
            }
        }
    }

    /// The records from a position on, forward or backward, until `body` returns `false`.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for a record that is damaged or missing.
    func forEach(
        from start: Position, _ direction: ReadDirection = .forward,
        _ body: (RecordedEvent, _ byteCount: Int) -> Bool
    ) throws(ReadError) {
        var expected: Position? = start
        var failure: ReadError?
        do throws(LMDBError) {
            let transaction = try environment.snapshot()
            try transaction.withCursor(in: records) { cursor throws(LMDBError) in
                var isOnRow = try cursor.seek(atOrAfter: start.bigEndian)
                while isOnRow, failure == nil, let position = expected {
                    guard cursor.key == position.bigEndian else {
                        failure = .corruptRecord(at: position, why: "its place in the log is empty")
                        break
                    }
                    let goesOn = cursor.withRow { _, bytes in
                        do throws(RecordError) {
                            return body(try Record.decode(bytes, at: position), bytes.count)
                        } catch {
                            failure = .corruptRecord(at: position, why: error.description)
                            return false
                        }
                    }
                    guard goesOn else { break }
                    expected = direction == .forward ? position.next : position.previous
                    isOnRow = try direction == .forward ? cursor.next() : cursor.previous()
                }
            }
        } catch {
            throw .storage(error.description)
        }
        if let failure { throw failure }
    }

    /// The records at some positions, in the order given.
    func records(at positions: [Position]) throws(ReadError) -> [RecordedEvent] {
        var failure: ReadError?
        var events: [RecordedEvent] = []
        do throws(LMDBError) {
            let transaction = try environment.snapshot()
            for position in positions {
                let answer = try transaction.withValue(of: position.bigEndian, in: records) { bytes in
                    Result { () throws(RecordError) in try Record.decode(bytes, at: position) }
                }
                switch answer {
                case .success(let event)?: events.append(event)
                case .failure(let error)?: failure = .corruptRecord(at: position, why: error.description)
                case nil: failure = .corruptRecord(at: position, why: "its place in the log is empty")
                }
                if failure != nil { break }
            }
        } catch {
            throw .storage(error.description)
        }
        if let failure { throw failure }
        return events
    }
}

extension Position {
    /// The key of the record in the log.
    var bigEndian: [UInt8] { index.bigEndianBytes }

    /// The position before; `nil` at the origin.
    var previous: Position? { index == 0 ? nil : Position(index - 1) }
}

extension UInt64 {
    /// The eight bytes of the number, most significant first.
    var bigEndianBytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * place)) }
        return bytes
    }
}

extension [UInt8] {
    /// The number in the first eight bytes.
    var bigEndianPosition: UInt64 { prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
