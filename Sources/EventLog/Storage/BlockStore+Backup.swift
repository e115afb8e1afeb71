internal import EventModel
internal import LMDB
internal import RecordFormat

extension BlockStore {
    /// Bytes of blocks that are handed out at once, about.
    private static var pageByteCount: Int { 16 << 20 }

    /// The blocks from a part's number on, before another's, as many as fit a page.
    func page(from first: UInt64, before end: UInt64) throws(LMDBError) -> [Block] {
        try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: rows) { cursor throws(LMDBError) in
                var found: [Block] = []
                var byteCount = 0
                var isOnRow = try cursor.seek(atOrAfter: first.bigEndianBytes)
                while isOnRow, byteCount < Self.pageByteCount, cursor.key.bigEndianPosition < end {
                    let bytes = cursor.value
                    found.append((cursor.key.bigEndianPosition, bytes))
                    byteCount += bytes.count
                    isOnRow = try cursor.next()
                }
                return found
            }
        }
    }

    /// The bytes of the last block that begins before a position; empty if there is none.
    func newestBlock(before position: Position) throws(LMDBError) -> [UInt8] {
        let number = SealedBlock.partNumber(of: position)
        guard number > 0 else { return [] }
        return try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: rows) { cursor throws(LMDBError) in
                try cursor.seek(atOrBefore: (number - 1).bigEndianBytes) ? cursor.value : []
            }
        }
    }
}
