internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Synchronization
internal import Zstd

/// Every record of the log: sealed ones in blocks of an LMDB database, newer ones in memory as the journal has them.
///
/// Invariants
/// 1. Blocks cover positions 0 ..< s without gap; the tail covers s' ..< end with s' ≤ s, and is cut off only
///    after the commit of the blocks that cover it. A reader asks the tail first and then the blocks, so it
///    finds every position at every moment.
/// 2. Whatever is read from disk was compared with its checksum first.
final class LogStore: Sendable {
    private struct State {
        var sealedEnd: Position
        var tail: [RecordRun] = []
        var tailByteCount = 0
    }

    let environment: Environment
    let blocks: Database
    let dictionaries: Dictionaries
    let personal: PersonalStore
    private let cache: RunCache
    private let opener = FrameOpener()
    private let state: Mutex<State>

    /// Opens the databases of blocks and of sealed fields; ``take(_:)`` brings what the journal holds behind them.
    init(
        at directory: DataDirectory, isReadOnly: Bool, mapByteCount: Int, cacheByteCount: Int
    ) throws(LMDBError) {
        personal = try PersonalStore(at: directory.personal, isReadOnly: isReadOnly, mapByteCount: mapByteCount)
        environment = try Environment(
            at: directory.log,
            options: .init(
                mapByteCount: mapByteCount, databaseCountMax: 4, isReadOnly: isReadOnly,
                growthByteCount: min(Journal.stepByteCount, mapByteCount / 16)))
        guard let blocks = try environment.database("blocks") else {
            throw .corrupted("there is no database of blocks")
        }
        self.blocks = blocks
        dictionaries = try Dictionaries(in: environment)
        cache = RunCache(byteCountMax: cacheByteCount)
        state = Mutex(State(sealedEnd: .origin))
    }

    /// Finds out where blocks end, also when another process has written some.
    func refresh() throws(OpenError) {
        do throws(LMDBError) {
            let end = try readSealedEnd()
            state.withLock { $0.sealedEnd = end }
        } catch {
            throw .storage(error.description)
        }
    }

    /// The position after the newest record.
    var end: Position { state.withLock { $0.tail.last?.end ?? $0.sealedEnd } }

    /// The position after the newest sealed record.
    var sealedEnd: Position { state.withLock { $0.sealedEnd } }

    /// Where blocks end and the runs behind, the first perhaps sealed in part, as of one moment.
    var moment: (sealedEnd: Position, runs: [RecordRun]) { state.withLock { ($0.sealedEnd, $0.tail) } }

    /// Bytes of records that wait to be sealed.
    var unsealedByteCount: Int { state.withLock { $0.tailByteCount } }

    /// Whether so much waits to be sealed, in bytes or in commits.
    func isSealingDue(byteCount: Int, runCount: Int) -> Bool {
        state.withLock { $0.tailByteCount >= byteCount || $0.tail.count >= runCount }
    }

    /// Takes in a commit that the journal has on disk.
    func take(_ run: RecordRun) {
        state.withLock { state in
            state.tail.append(run)
            state.tailByteCount += run.bytes.count
        }
    }

    /// Lets go of what blocks cover after all, although their commit was answered with an error.
    func recognizeSealed() throws(LMDBError) { didSeal(to: try readSealedEnd()) }

    /// Lets go of what blocks cover up to a position.
    func didSeal(to end: Position) {
        state.withLock { state in
            state.sealedEnd = end
            let count = state.tail.firstIndex { $0.end > end } ?? state.tail.count
            for run in state.tail[..<count] { state.tailByteCount -= run.bytes.count }
            state.tail.removeFirst(count)
        }
    }

    /// Bytes of the file that the database uses.
    var usedByteCount: Int { environment.usedByteCount }

    /// Bytes that the database may ever use.
    var maxByteCount: Int { environment.mapByteCount }

    /// Commits blocks, in order and behind those that stand, and dictionaries that they are the first to need; returns
    /// after the disk has them.
    func write(_ blocks: [Block], _ dictionaries: [BlockDictionary] = []) throws(LMDBError) {
        // Each block takes whole pages, and the tree and the dictionaries some for each commit.
        let byteCount = blocks.reduce(1 << 20) { $0 + $1.bytes.count + 2 * JournalFrame.pageByteCount }
        try environment.preallocate(for: min(byteCount, environment.mapByteCount - environment.usedByteCount))
        try environment.write { transaction throws(LMDBError) in
            for dictionary in dictionaries { try self.dictionaries.write(dictionary, &transaction) }
            for block in blocks { try transaction.append(block.bytes, for: block.key.bigEndianBytes, to: self.blocks) }
        }
    }

    /// Where blocks end in the database.
    private func readSealedEnd() throws(LMDBError) -> Position {
        try environment.read { transaction throws(LMDBError) in
            try transaction.withCursor(in: blocks) { cursor throws(LMDBError) in
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
}

// MARK: - Reading

extension LogStore {
    /// The run that holds a position.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for one that is damaged or missing.
    func run(holding position: Position) throws(ReadError) -> RecordRun {
        if let run = runInMemory(holding: position) { return run }
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

    /// The run that holds a position, if it needs no unpacking.
    func runInMemory(holding position: Position) -> RecordRun? {
        let inTail: RecordRun? = state.withLock { state in
            guard let first = state.tail.first, position >= first.first else { return nil }
            var (low, high) = (0, state.tail.count)
            while low < high {
                let middle = (low + high) / 2
                if state.tail[middle].end <= position { low = middle + 1 } else { high = middle }
            }
            return low < state.tail.count ? state.tail[low] : nil
        }
        return inTail ?? cache.run(holding: position)
    }

    /// Parts of one block, beginning with that of a position, as far as they are wanted and about
    /// ``PartsAhead/byteCountMax`` bytes of records; the last may be a damaged one. None where no block is.
    func packedParts(
        from position: Position, before end: Position
    ) throws(ReadError) -> [Result<SealedBlock.Part, RecordError>] {
        let number = SealedBlock.partNumber(of: position)
        let stop = (end.index + UInt64(SealedBlock.partRecordCount) - 1) / UInt64(SealedBlock.partRecordCount)
        do throws(LMDBError) {
            return try environment.read { transaction throws(LMDBError) in
                try transaction.withCursor(in: blocks) { cursor throws(LMDBError) in
                    guard try cursor.seek(atOrBefore: number.bigEndianBytes) else { return [] }
                    let key = cursor.key.bigEndianPosition
                    let parts = cursor.withRow { _, bytes in
                        Self.parts(number..<max(stop, number), in: bytes, key: key)
                    }
                    // Several are wanted by a scan, which does not come back: a log may be larger than memory.
                    if parts.count > 1 { cursor.releaseRow() }
                    return parts
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

    /// Unpacks a part for a scan: what the cache has room for stays there, and nothing has to give way.
    func unpackAhead(_ part: SealedBlock.Part) throws(RecordError) -> RecordRun {
        if let cached = cache.run(holding: part.first) { return cached }
        let run = try unpack(part)
        cache.insertIfRoom(run)
        return run
    }

    private func unpack(_ part: SealedBlock.Part) throws(RecordError) -> RecordRun {
        let dictionary = try dictionaries.dictionary(for: part.frame)
        let bytes: [UInt8]
        do throws(ZstdError) {
            bytes = try opener.open(part.frame, byteCount: part.byteCount, with: dictionary)
        } catch {
            throw .form("part, \(error),")
        }
        return try RecordRun(first: part.first, count: SealedBlock.partRecordCount, in: bytes)
    }

    /// The events from a position on, in order, until `body` returns `false`.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for a record that is damaged or missing.
    func forEach(
        from start: Position, atMost count: Int = .max, _ body: (RecordedEvent, _ byteCount: Int) -> Bool
    ) throws(ReadError) {
        var failure: ReadError?
        try forEachRecord(from: start, .forward, atMost: count) { record in
            do throws(RecordError) {
                return body(try record.event(), record.bytes.count)
            } catch {
                failure = .corruptRecord(at: record.position, why: error.description)
                return false
            }
        }
        if let failure { throw failure }
    }

    /// The records from a position on, in place, forward or backward, until `body` returns `false`.
    ///
    /// - Parameters:
    ///   - count: How many are wanted, as far as that is known: no more are unpacked ahead.
    ///   - isHelped: Whether another core may unpack ahead; of no use to one of many readers.
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for a record that is damaged or missing.
    func forEachRecord(
        from start: Position, _ direction: ReadDirection, atMost count: Int = .max, isHelped: Bool = true,
        _ body: (borrowing RecordView) -> Bool
    ) throws(ReadError) {
        let end = end
        let isForward = direction == .forward
        let last = Position(min(end.index, start.index &+ UInt64(count)))
        var scan = RunScan(self, before: last, isHelped: isHelped)
        defer { scan.cancel() }
        var next: Position? = start
        while let position = next, position < end {
            let run = try isForward ? scan.run(holding: position) : run(holding: position)
            var current = position.index
            do throws(RecordError) {
                next = try run.forEach(from: position, direction) { record in
                    current = isForward ? current + 1 : current - min(current, 1)
                    return body(record)
                }
            } catch {
                throw .corruptRecord(at: Position(current), why: error.description)
            }
        }
    }

    /// Whether there are any sealed fields, in the journal or apart.
    var hasSealedFields: Bool {
        get throws(ReadError) {
            if try personal.holdsFields { return true }
            for run in moment.runs {
                for index in run.first.index..<run.end.index {
                    var isFound = false
                    try? run.withRecord(at: Position(index)) { record throws(RecordError) in
                        isFound = record.holdsSealedFields
                    }
                    if isFound { return true }
                }
            }
            return false
        }
    }

    /// The sealed fields of a record, slot by slot; `nil` for each that is deleted.
    func sealedFields(of record: borrowing RecordView) throws(ReadError) -> [SealedFields?] {
        let slots: [PersonalSlot]
        do throws(RecordError) {
            if record.holdsSealedFields { return try record.sealedFields() }
            slots = try record.slots()
        } catch {
            throw .corruptRecord(at: record.position, why: error.description)
        }
        var fields: [SealedFields?] = []
        for (place, slot) in slots.enumerated() {
            let found = try personal.fields(at: record.position, slot: place)
            fields.append(found.map { SealedFields(slot: slot, blob: $0.blob, contentTag: $0.contentTag) })
        }
        return fields
    }

    /// The event at a position.
    func event(at position: Position) throws(ReadError) -> RecordedEvent {
        let run = try run(holding: position)
        do throws(RecordError) {
            return try run.event(at: position)
        } catch {
            throw .corruptRecord(at: position, why: error.description)
        }
    }
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
