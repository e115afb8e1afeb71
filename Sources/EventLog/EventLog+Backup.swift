internal import DurableFiles
public import EventModel
internal import LMDB
internal import RecordFormat

/// What a backup came to.
public struct BackupReport: Hashable, Sendable {
    /// The position after the newest event in the copy.
    public let end: Position
    /// Events that were copied this time; the rest stood there already.
    public let copiedEventCount: UInt64
    /// Bytes of the copy's database and journal.
    public let byteCount: Int
}

/// Why a backup was not made.
public enum BackupError: ExplainedError, Hashable {
    case otherLog
    case otherFiles
    case ownDirectory
    case storage(String)
    case refused(OpenError)
    case damaged(Position, String)
    /// A dictionary that blocks need cannot be read any more.
    case damagedDictionary(String)

    public var code: ErrorCode {
        switch self {
        case .damaged, .damagedDictionary: .corrupt
        case .otherFiles, .ownDirectory: .syntax
        case .otherLog, .storage, .refused: .unavailable
        }
    }

    public var description: String {
        switch self {
        case .otherLog:
            "the directory holds another log, or one that went on by itself after an earlier backup. "
                + "Nothing was changed in it. Choose an empty directory."
        case .otherFiles:
            "the directory holds other files, and neither a log nor a backup. Nothing was written there. "
                + "Choose an empty or missing directory, or an earlier backup of this log."
        case .ownDirectory:
            "the directory is the log's own data directory, or lies in it. Nothing was written there: a copy would be "
                + "lost with the log. Choose a directory elsewhere, best on another disk."
        case .storage(let why):
            "the storage answered: \(why). The backup is not complete, the log itself is not concerned. "
                + "Make room or mend the directory, and run the backup again: it goes on where it stopped."
        case .refused(.inUse):
            "another process writes the log in that directory, or copies into it. Nothing was changed there. "
                + "Stop it, or choose another directory."
        case .refused(let error): error.description
        case .damaged(let position, let why):
            "the block that holds position \(position) is damaged: \(why). It was not copied, and the backup ends "
                + "before it. Run 'rapport-replay audit', and restore the log from an earlier backup."
        case .damagedDictionary(let why):
            "a dictionary that blocks need cannot be read: \(why). No block was copied. "
                + "Run 'rapport-replay audit', and restore the log from an earlier backup."
        }
    }
}

extension BackupError {
    /// Why the copy was not opened: what its disk says is no matter of the log.
    fileprivate init(_ error: OpenError) {
        if case .storage(let why) = error { self = .storage(why) } else { self = .refused(error) }
    }
}

extension EventLog {
    /// Copies the log to another directory, while events are appended and read; the copy is as of one moment.
    ///
    /// A copy that stands there already is brought up to date: only newer blocks are written, each after its
    /// checksums were compared. The copy is a data directory like any other: `rapport-replay audit` examines it, and
    /// `rapportd` starts from it. Its index and read models are built when it is opened, since they are derived.
    ///
    /// - Parameter path: an empty or missing directory, or an earlier backup of this log.
    public func backup(to path: String) throws(BackupError) -> BackupReport {
        try checkPlace(path)
        let target = DataDirectory(path)
        let (lock, copy) = try openCopy(target)
        defer { withExtendedLifetime(lock) {} }
        let (sealedEnd, runs) = store.moment
        let before = copy.sealedEnd
        guard before <= sealedEnd else { throw .otherLog }
        try checkJournal(of: target, behind: before, end: runs.last?.end ?? sealedEnd)
        try copySealedFields(from: before, to: sealedEnd, into: copy)
        try copyBlocks(from: before, to: sealedEnd, into: copy)
        let journalByteCount = try writeJournal(runs, behind: sealedEnd, in: target)
        let end = runs.last?.end ?? sealedEnd
        return BackupReport(
            end: end, copiedEventCount: end.index - before.index,
            byteCount: copy.blocks.usedByteCount + journalByteCount)
    }

    /// Refuses a directory that is no place for a copy, before anything is written.
    private func checkPlace(_ path: String) throws(BackupError) {
        guard !DurableFiles.contains(directory.path, path) else { throw .ownDirectory }
        guard DurableFiles.isDirectory(path) else { return }
        let names: [String]
        do throws(FileError) { names = try DurableFiles.names(in: path) } catch { throw .storage(error.description) }
        // A first backup that was interrupted may have got no further than its lock, and a disk of its own has its
        // file system's place for what was lost.
        let isOurs = names.contains("FORMAT") || Set(names).isSubset(of: ["LOCK", "FORMAT.new", "lost+found"])
        guard isOurs else { throw .otherFiles }
    }

    /// Refuses a copy whose journal holds events that are not this log's: it was started and went on by itself.
    private func checkJournal(of target: DataDirectory, behind start: Position, end: Position) throws(BackupError) {
        let journal: RecoveredJournal
        do throws(OpenError) {
            journal = try RecoveredJournal(in: target.log, of: identity) { () throws(OpenError) in start }
        } catch {
            throw BackupError(error)
        }
        for copied in journal.runs {
            guard copied.end <= end else { throw .otherLog }
            for index in max(copied.first, start).index..<copied.end.index {
                let position = Position(index)
                let own: RecordRun
                do throws(ReadError) { own = try store.run(holding: position) } catch {
                    throw .storage(error.description)
                }
                guard own.publicBytes(at: position) == copied.publicBytes(at: position) else { throw .otherLog }
            }
        }
    }

    /// Opens the copy, and takes its lock; an empty directory becomes one of this log.
    private func openCopy(_ target: DataDirectory) throws(BackupError) -> (FileLock, LogStore) {
        let (lock, found): (FileLock, String)
        do throws(OpenError) {
            (lock, found) = try target.prepareForWriting(identity: identity)
        } catch {
            throw BackupError(error)
        }
        guard found == identity else { throw .otherLog }
        do throws(OpenError) {
            let options = Options(extractor: extractor) { Timestamp(milliseconds: 0) }
            let copy = try Self.openStore(target, of: identity, options)
            try copy.refresh()
            return (lock, copy)
        } catch {
            throw BackupError(error)
        }
    }

    /// Copies the sealed fields of records in blocks, before those: a block's are always there.
    private func copySealedFields(
        from start: Position, to end: Position, into copy: LogStore
    ) throws(BackupError) {
        var next = start
        while true {
            let rows = try Self.storage { () throws(LMDBError) in try store.personal.page(from: next, before: end) }
            guard let last = rows.last else { return }
            try Self.storage { () throws(LMDBError) in try copy.personal.write(rows) }
            next = Position(last.key.bigEndianPosition + 1)
        }
    }

    /// Copies blocks behind those that stand in the copy.
    private func copyBlocks(from start: Position, to end: Position, into copy: LogStore) throws(BackupError) {
        let newest = try Self.storage { () throws(LMDBError) in try store.blocks.newestBlock(before: start) }
        let copied = try Self.storage { () throws(LMDBError) in try copy.blocks.newestBlock(before: start) }
        guard newest == copied else { throw .otherLog }
        try copyDictionaries(into: copy)
        var next = SealedBlock.partNumber(of: start)
        let stop = SealedBlock.partNumber(of: end)
        while next < stop {
            let blocks = try Self.storage { () throws(LMDBError) in try store.blocks.page(from: next, before: stop) }
            guard blocks.first?.key == next else { throw .otherLog }
            for block in blocks { next = try Self.checkedEnd(of: block) }
            try Self.storage { () throws(LMDBError) in try copy.blocks.write(blocks) }
        }
    }

    private func copyDictionaries(into copy: LogStore) throws(BackupError) {
        let known = try Self.storage { () throws(LMDBError) in try copy.blocks.dictionaries.newest()?.id }
        let missing: [BlockDictionary]
        do throws(LMDBError) {
            missing = try store.blocks.dictionaries.all(after: known)
        } catch {
            if case .corrupted(let why) = error { throw .damagedDictionary(why) }
            throw .storage("\(error)")
        }
        guard !missing.isEmpty else { return }
        try Self.storage { () throws(LMDBError) in try copy.blocks.write([], missing) }
    }

    /// The number of the part behind a block, of which every checksum is right.
    private static func checkedEnd(of block: BlockStore.Block) throws(BackupError) -> UInt64 {
        let bytes = block.bytes
        var number = block.key
        do throws(RecordError) {
            let block = try SealedBlock(bytes.span, key: number)
            while number < block.numbers.upperBound {
                _ = try block.part(number)
                number += 1
            }
        } catch {
            throw .damaged(SealedBlock.first(ofPart: number), error.description)
        }
        return number
    }

    private static func storage<Result>(_ body: () throws(LMDBError) -> Result) throws(BackupError) -> Result {
        do throws(LMDBError) {
            return try body()
        } catch {
            throw .storage("\(error)")
        }
    }

    /// Writes the records that are not sealed yet as the copy's journal. Returns its bytes.
    private func writeJournal(
        _ runs: [RecordRun], behind sealedEnd: Position, in target: DataDirectory
    ) throws(BackupError) -> Int {
        do {
            // Without its stamp a journal that is written half claims nothing.
            for path in [Journal.stampPath(in: target.log)] + Journal.paths(in: target.log) {
                try DurableFiles.remove(path)
            }
            let nothing = try RecoveredJournal(in: target.log, of: identity) { () throws(OpenError) in sealedEnd }
            let journal = try Journal(in: target.log, after: nothing)
            for run in runs {
                try journal.prepare(for: run.bytes.count)
                try journal.append(run.bytes, end: run.end)
            }
            return journal.byteCount
        } catch {
            throw .storage("\(error)")
        }
    }
}
