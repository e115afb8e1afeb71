internal import DurableFiles
internal import EventModel
internal import LMDB
internal import RecordFormat

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
