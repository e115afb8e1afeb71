internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Zstd

/// Sealed records: blocks in an LMDB database, and the dictionaries that they are packed with.
///
/// Blocks cover the positions from 0 on without gap. Whatever is read was compared with its checksum first.
final class BlockStore: Sendable {
    typealias Block = (key: UInt64, bytes: [UInt8])

    let environment: Environment
    let rows: Database
    private let marks: Database
    let dictionaries: Dictionaries
    let cache: RunCache
    let opener = FrameOpener()

    /// Opens the databases in a directory.
    init(
        at directory: String, isReadOnly: Bool, mapByteCount: Int, cacheByteCount: Int
    ) throws(LMDBError) {
        environment = try Environment(
            at: directory,
            options: .init(
                mapByteCount: mapByteCount, databaseCountMax: 4, isReadOnly: isReadOnly,
                growthByteCount: min(Journal.stepByteCount, mapByteCount / 16)))
        guard let rows = try environment.database("blocks"), let marks = try environment.database("log") else {
            throw .corrupted("there is no database of blocks")
        }
        self.rows = rows
        self.marks = marks
        dictionaries = try Dictionaries(in: environment)
        cache = RunCache(byteCountMax: cacheByteCount)
    }

    /// Whether the blocks are those of a log. The first log that asks of a new database gets it.
    func belong(to log: String) throws(LMDBError) -> Bool {
        let key = Array("identity".utf8)
        let (mark, isEmpty) = try environment.read { transaction throws(LMDBError) in
            (try transaction.value(of: key, in: marks), try transaction.rowCount(of: rows) == 0)
        }
        guard mark == nil, isEmpty else { return mark == Array(log.utf8) }
        if !environment.isReadOnly {
            try environment.write { transaction throws(LMDBError) in
                try transaction.put(Array(log.utf8), for: key, in: marks)
            }
        }
        return true
    }

    /// Bytes of the file that the databases use.
    var usedByteCount: Int { environment.usedByteCount }

    /// Bytes that the databases may ever use.
    var maxByteCount: Int { environment.mapByteCount }

    /// The position behind the last block, also where another process has written it.
    func end() throws(LMDBError) -> Position {
        try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: rows) { cursor throws(LMDBError) in
                guard try cursor.last() else { return .origin }
                let key = cursor.key.bigEndianPosition
                let numbers = cursor.withRow { _, bytes in
                    Result { () throws(RecordError) in try SealedBlock(bytes, key: key).numbers }
                }
                switch numbers {
                case .success(let numbers): return SealedBlock.first(ofPart: numbers.upperBound)
                case .failure(let error): throw .corrupted("the newest block: \(error)")
                }
            }
        }
    }

    /// Commits blocks, in order and behind those that stand, and dictionaries that they are the first to need; returns
    /// after the disk has them.
    func write(_ blocks: [Block], _ dictionaries: [BlockDictionary] = []) throws(LMDBError) {
        // Each block takes whole pages, and the tree and the dictionaries some for each commit.
        let byteCount = blocks.reduce(1 << 20) { $0 + $1.bytes.count + 2 * JournalFrame.pageByteCount }
        try environment.preallocate(for: min(byteCount, maxByteCount - usedByteCount))
        try environment.write { transaction throws(LMDBError) in
            for dictionary in dictionaries { try self.dictionaries.write(dictionary, &transaction) }
            for block in blocks { try transaction.append(block.bytes, for: block.key.bigEndianBytes, to: rows) }
        }
    }
}
