internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Zstd

/// Blocks are read part by part.
extension BlockStore {
    /// The part that holds a position, if it is in memory already.
    func runInMemory(holding position: Position) -> RecordRun? { cache.run(holding: position) }

    /// The parts that hold some positions, `nil` for those that are not in memory.
    func runsInMemory(holding positions: [Position]) -> [RecordRun?] { cache.runs(holding: positions) }

    /// The part that holds a position.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for one that is damaged or missing.
    func run(holding position: Position) throws(ReadError) -> RecordRun {
        let part = try packedParts(from: position, before: position.next).first
        do throws(RecordError) {
            guard let part else { throw .form("its place in the log, which is empty,") }
            let run = try unpack(part.get())
            cache.insert(run)
            return run
        } catch {
            throw .corruptRecord(at: position, why: error.description)
        }
    }

    /// Unpacks a part for a scan: what the cache has room for stays there, and nothing has to give way.
    func unpackAhead(_ part: SealedBlock.Part) throws(RecordError) -> RecordRun {
        if let cached = cache.run(holding: part.first) { return cached }
        let run = try unpack(part)
        cache.insertIfRoom(run)
        return run
    }

    private func unpack(_ part: SealedBlock.Part) throws(RecordError) -> RecordRun {
        let dictionary = try dictionaries.dictionary(for: part.frame.span)
        let bytes: [UInt8]
        do throws(ZstdError) {
            bytes = try opener.open(part.frame, byteCount: part.byteCount, with: dictionary)
        } catch {
            throw .form("part, \(error),")
        }
        return try RecordRun(first: part.first, count: SealedBlock.partRecordCount, in: bytes)
    }

    /// Copies of the records at some positions of one part, which is unpacked for them alone: nothing else of it takes
    /// memory.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` where the part is damaged or missing.
    func copies(at positions: ArraySlice<Position>) throws(ReadError) -> [[UInt8]] {
        guard let first = positions.first else { return [] }
        let number = SealedBlock.partNumber(of: first)
        let found = try withBlock(atOrBefore: number) { cursor, key in
            cursor.withRow { _, bytes in
                Result { () throws(RecordError) in
                    try copies(at: positions, ofPart: number, in: bytes, key: key)
                }
            }
        }
        do throws(RecordError) {
            guard let found else { throw .form("its place in the log, which is empty,") }
            return try found.get()
        } catch {
            throw .corruptRecord(at: first, why: error.description)
        }
    }

    private func copies(
        at positions: ArraySlice<Position>, ofPart number: UInt64, in bytes: Span<UInt8>, key: UInt64
    ) throws(RecordError) -> [[UInt8]] {
        let block = try SealedBlock(bytes, key: key)
        guard block.numbers.contains(number) else { throw .form("its place in the log, which is empty,") }
        let start = SealedBlock.first(ofPart: number).index
        let places = positions.map { Int($0.index - start) }
        let frame = try block.frame(of: number)
        let byteCount = try block.recordByteCount(of: number)
        let dictionary = try dictionaries.dictionary(for: frame)
        let copies: Result<[[UInt8]], RecordError>
        do throws(ZstdError) {
            copies = try opener.withOpened(frame, byteCount: byteCount, with: dictionary) { records in
                Result { () throws(RecordError) in try Record.copies(at: places, in: records) }
            }
        } catch {
            throw .form("part, \(error),")
        }
        return try copies.get()
    }

    /// Parts of one block, beginning with that of a position, as far as they are wanted and about
    /// ``PartsAhead/byteCountMax`` bytes of records; the last may be a damaged one. None where no block is.
    func packedParts(
        from position: Position, before end: Position
    ) throws(ReadError) -> [Result<SealedBlock.Part, RecordError>] {
        let number = SealedBlock.partNumber(of: position)
        let stop = (end.index + UInt64(SealedBlock.partRecordCount) - 1) / UInt64(SealedBlock.partRecordCount)
        return try withBlock(atOrBefore: number) { cursor, key in
            let parts = cursor.withRow { _, bytes in
                Self.parts(number..<max(stop, number), in: bytes, key: key)
            }
            // Several are wanted by a scan, which does not come back: a log may be larger than memory.
            if parts.count > 1 { cursor.releaseRow() }
            return parts
        } ?? []
    }

    /// Lends the last block that begins at a part's number or before it; `nil` if there is none.
    private func withBlock<Found>(
        atOrBefore number: UInt64, _ body: (inout Cursor, _ key: UInt64) -> Found
    ) throws(ReadError) -> Found? {
        do throws(LMDBError) {
            return try environment.read { transaction throws(LMDBError) in
                try transaction.withCursor(in: rows) { cursor throws(LMDBError) in
                    guard try cursor.seek(atOrBefore: number.bigEndianBytes) else { return nil }
                    let key = cursor.key.bigEndianPosition
                    return body(&cursor, key)
                }
            }
        } catch {
            throw .storage(error.description)
        }
    }

    private static func parts(
        _ numbers: Range<UInt64>, in bytes: Span<UInt8>, key: UInt64
    ) -> [Result<SealedBlock.Part, RecordError>] {
        var parts: [Result<SealedBlock.Part, RecordError>] = []
        var byteCount = 0
        do throws(RecordError) {
            let block = try SealedBlock(bytes, key: key)
            for number in numbers.clamped(to: block.numbers) where byteCount < PartsAhead.byteCountMax {
                let part = try block.part(number)
                parts.append(.success(part))
                byteCount += part.byteCount
            }
        } catch {
            parts.append(.failure(error))
        }
        return parts
    }
}
