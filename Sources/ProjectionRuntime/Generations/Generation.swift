internal import CRMEvents
internal import DurableFiles
internal import EventModel
internal import LMDB

/// One build of a projection's rows: an LMDB environment of its own.
///
/// Rows and checkpoint commit in one transaction, so every event is applied exactly once. Commits are
/// relaxed, so after a power cut the file may hold old pages below a new meta page without any sign of it.
/// Therefore a generation that is open for writing carries the boot it was opened in, in a file `BOOT`, and
/// one that carries another boot is not believed: it is built anew from the log. So is one that was folded from another
/// log, whose identity stands beside the checkpoint.
final class Generation: Sendable {
    let directory: String
    let environment: Environment
    /// The identity of the log that is folded.
    private let log: String
    private let meta: Database
    let databases: [String: Database]

    /// Opens a generation. The directory exists; `model` says which tables it has, `log` which log is folded.
    ///
    /// - Throws: ``ViewError/otherLog`` if its rows were folded from another log or nobody knows from which,
    ///   ``ViewError/storage(_:)`` if it cannot be read or is not to be believed.
    init(
        at directory: String, of model: any ReadModel.Type, from log: String, isReadOnly: Bool = false
    ) throws(ViewError) {
        self.directory = directory
        self.log = log
        if !isReadOnly { try BootMark(in: directory).set() }
        do throws(LMDBError) {
            environment = try Environment(
                at: directory,
                options: .init(databaseCountMax: 32, durability: .relaxed, isReadOnly: isReadOnly))
            guard let meta = try environment.database("_meta") else { throw LMDBError.corrupted("no rows yet") }
            self.meta = meta
        } catch {
            throw .storage(error.description)
        }
        let tables = TableSet(environment)
        _ = model.init(tables: tables)
        if let failure = tables.failure { throw failure }
        databases = tables.databases
        guard try isOfThisLog() else { throw .otherLog }
    }

    /// Whether the rows were folded from the log; without a checkpoint there are none.
    private func isOfThisLog() throws(ViewError) -> Bool {
        try reading { transaction throws(LMDBError) in
            guard try transaction.value(of: Self.checkpointKey, in: meta) != nil else { return true }
            return try transaction.value(of: Self.logKey, in: meta) == Array(log.utf8)
        }
    }

    /// The right to write this generation; one projector at a time, over all processes.
    func lock() throws(ViewError) -> FileLock {
        do throws(FileError) {
            if let lock = try DurableFiles.lock(directory + "/LOCK") { return lock }
        } catch {
            throw .storage(error.description)
        }
        throw .notReady("another process writes its generation")
    }

    /// A fresh projector's tables over this generation.
    func openTables() -> TableSet { TableSet(environment, databases) }

    /// How far the rows go.
    func checkpoint() throws(ViewError) -> Checkpoint {
        try reading { transaction throws(LMDBError) in try self.checkpoint(in: transaction) }
    }

    /// Writes the changes of tables together with the checkpoint that they stand for.
    ///
    /// After an error nobody knows which of them stand on disk: the projector that gave them has to stop.
    func commit(_ changes: [RowChanges], at checkpoint: Checkpoint) throws(ViewError) {
        var bytes = RowEncoder()
        bytes.integer(Int64(checkpoint.next.index))
        bytes.optionalInteger(checkpoint.latestTime?.milliseconds)
        do throws(LMDBError) {
            try environment.write { transaction throws(LMDBError) in
                for change in changes { try change.write(into: &transaction) }
                try transaction.put(bytes.bytes, for: Self.checkpointKey, in: meta)
                try transaction.put(Array(log.utf8), for: Self.logKey, in: meta)
            }
        } catch {
            throw .storage(error.description)
        }
    }

    /// Brings the rows to disk.
    func flush() throws(ViewError) {
        do throws(LMDBError) {
            try environment.sync()
        } catch {
            throw .storage(error.description)
        }
    }

    /// Brings the rows to disk and says so: the next boot believes them. Nothing is written afterwards.
    func settle() throws(ViewError) {
        try flush()
        try BootMark(in: directory).remove()
    }

    /// One consistent state for queries.
    ///
    /// - Parameter source: the log, where queries look up the events that rows name.
    func snapshot(asOf: Timestamp? = nil, source: (any EventSource)? = nil) throws(ViewError) -> ViewSnapshot {
        try reading { transaction throws(LMDBError) in
            ViewSnapshot(
                .stored(transaction, databases), try checkpoint(in: transaction), asOf: asOf, source: source)
        }
    }

    /// The root over its rows, with the checkpoint they belong to.
    func state() throws(ViewError) -> GenerationState {
        try reading { transaction throws(LMDBError) in
            GenerationState(
                checkpoint: try checkpoint(in: transaction), rows: try RowRoot(of: databases, in: transaction))
        }
    }

    private static let checkpointKey = Array("checkpoint".utf8)
    private static let logKey = Array("log".utf8)

    private func reading<Result>(
        _ body: (ReadTransaction) throws(LMDBError) -> Result
    ) throws(ViewError) -> Result {
        do throws(LMDBError) {
            return try body(environment.snapshot())
        } catch {
            throw .storage(error.description)
        }
    }

    private func checkpoint(in transaction: ReadTransaction) throws(LMDBError) -> Checkpoint {
        guard let bytes = try transaction.value(of: Self.checkpointKey, in: meta) else { return .start }
        var decoder = RowDecoder(bytes)
        do throws(RowError) {
            return Checkpoint(
                next: Position(UInt64(try decoder.integer())),
                latestTime: try decoder.optionalInteger().map(Timestamp.init(milliseconds:)))
        } catch {
            throw .corrupted("the checkpoint is not readable")
        }
    }
}
