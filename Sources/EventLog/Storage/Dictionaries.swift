internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Synchronization
internal import Zstd

/// The dictionaries that parts of blocks are packed with.
///
/// Each stands in the database twice: without it, all that was packed with it could not be read. It is written in the
/// same commit as the first block that needs it, and never changed.
final class Dictionaries: Sendable {
    private static let copies: [UInt8] = [0, 1]

    private let environment: Environment
    private let rows: Database
    private let opened = Mutex<[UInt32: FrameDictionary]>([:])

    /// Opens the database in the environment of the blocks.
    init(in environment: Environment) throws(LMDBError) {
        self.environment = environment
        guard let rows = try environment.database("dictionaries") else {
            throw .corrupted("there is no database of dictionaries")
        }
        self.rows = rows
    }

    /// The one that a frame names; `nil` if it names none.
    ///
    /// - Throws: ``RecordError`` if it is missing, or damaged in both places.
    func dictionary(for frame: Span<UInt8>) throws(RecordError) -> FrameDictionary? {
        let id = FrameDictionary.id(namedBy: frame)
        guard id != 0 else { return nil }
        if let known = opened.withLock({ $0[id] }) { return known }
        guard let found = try? row(id).flatMap({ row in try FrameDictionary(row.bytes) }) else {
            throw .form("dictionary \(id), which its part needs,")
        }
        opened.withLock { $0[id] = found }
        return found
    }

    /// The newest one; `nil` if there is none yet.
    ///
    /// - Throws: ``LMDBError/corrupted(_:)`` if it is damaged in both places.
    func newest() throws(LMDBError) -> BlockDictionary? { try ids().last.map(whole) }

    /// Those with a greater id, or all.
    ///
    /// - Throws: ``LMDBError/corrupted(_:)`` if one is damaged in both places.
    func all(after id: UInt32?) throws(LMDBError) -> [BlockDictionary] {
        var found: [BlockDictionary] = []
        for next in try ids() where id.map({ next > $0 }) ?? true { found.append(try whole(next)) }
        return found
    }

    /// Adds one to what a transaction writes.
    func write(_ dictionary: BlockDictionary, _ transaction: inout WriteTransaction) throws(LMDBError) {
        for copy in Self.copies {
            try transaction.append(dictionary.row, for: Self.key(dictionary.id, copy), to: rows)
        }
    }

    /// Those that are damaged: in how many of their two places each.
    func damaged() throws(LMDBError) -> [(id: UInt32, placeCount: Int)] {
        var found: [(id: UInt32, placeCount: Int)] = []
        for id in try ids() {
            var placeCount = 0
            for copy in Self.copies where try row(id, copy) == nil { placeCount += 1 }
            if placeCount > 0 { found.append((id, placeCount)) }
        }
        return found
    }

    private func whole(_ id: UInt32) throws(LMDBError) -> BlockDictionary {
        guard let row = try row(id) else { throw .corrupted("dictionary \(id) is damaged in both places") }
        return row
    }

    private func row(_ id: UInt32) throws(LMDBError) -> BlockDictionary? {
        for copy in Self.copies {
            if let row = try row(id, copy) { return row }
        }
        return nil
    }

    private func row(_ id: UInt32, _ copy: UInt8) throws(LMDBError) -> BlockDictionary? {
        let bytes = try environment.read { transaction throws(LMDBError) in
            try transaction.value(of: Self.key(id, copy), in: rows)
        }
        return bytes.flatMap { bytes in try? BlockDictionary(bytes.span, id: id) }
    }

    private func ids() throws(LMDBError) -> [UInt32] {
        try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: rows) { cursor throws(LMDBError) in
                var ids: [UInt32] = []
                var isOnRow = try cursor.first()
                while isOnRow {
                    let id = cursor.key.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
                    if ids.last != id { ids.append(id) }
                    isOnRow = try cursor.next()
                }
                return ids
            }
        }
    }

    /// The id, u32 big-endian, and the number of the copy.
    private static func key(_ id: UInt32, _ copy: UInt8) -> [UInt8] {
        stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: id >> $0) } + [copy]
    }
}
