import CRMEvents
import CivilTime
import DurableFiles
import EventModel
import SQLite

/// An SQLite file with the rows of one projection.
///
/// Invariants
/// 1. The row of `_fold` and the rows that it speaks of commit in one transaction, so every event is in the rows
///    exactly once, wherever the process was killed.
/// 2. The file is empty, or it has `_fold` and all tables.
/// 3. No statement of the projection reads or writes `_fold`, or changes the schema.
final class FoldFile {
    /// How far the fold has come.
    private(set) var state: FoldState

    private let connection: Connection
    private let statements: CompiledProjection
    private let checkpoint: Statement
    private let asOf: Timestamp?
    private let zone: CivilZone
    /// The next event, as the file says; `state` runs ahead of it inside a transaction.
    private var committed: Position

    /// A place that is no file: to find out whether a projection can be folded at all.
    static let inMemory = ":memory:"

    /// Opens a file, or makes one, mode 0600.
    ///
    /// - Parameter isStopped: asked now and then while a statement works; `true` breaks it off, and what was not
    ///   committed is lost.
    /// - Throws: ``SQLProjectionError``: the file is not of this projection, log and bounds, or a statement is not
    ///   what a projection may do. The file is then as it was.
    init(
        at path: String, _ projection: SQLProjection, _ identity: FoldIdentity, isStopped: @escaping () -> Bool
    ) throws(SQLProjectionError) {
        let connection = try Self.open(path)
        connection.isStopped = isStopped
        let stored = try storing { () throws(SQLiteError) in try FoldState.stored(on: connection) }
        switch stored {
        case .foreign: throw .notAFold(path)
        case .nothing: try Self.begin(connection, projection, identity)
        case .fold(let fold): try fold.check(projection, identity)
        }
        (state, checkpoint) = try storing { () throws(SQLiteError) in
            (try FoldState(on: connection), try connection.prepare(FoldState.update))
        }
        committed = state.next
        asOf = identity.asOf
        zone = projection.zone
        self.connection = connection
        statements = try CompiledProjection(projection, on: connection)
    }

    /// What stands in a file.
    static func stored(at path: String) throws(SQLProjectionError) -> FoldState.Stored {
        let connection = try open(path)
        return try storing { () throws(SQLiteError) in try FoldState.stored(on: connection) }
    }

    private static func open(_ path: String) throws(SQLProjectionError) -> Connection {
        do throws(FileError) {
            // SQLite would make a file that everybody may read, and takes an empty one as its own.
            if path != inMemory, !DurableFiles.exists(path) { try DurableFiles.makeFile(path) }
        } catch {
            throw .unreachable(path, error.description)
        }
        do throws(SQLiteError) {
            let connection = try Connection(at: path, .readWrite)
            try connection.execute("PRAGMA cache_size = -65536")
            return connection
        } catch {
            if error.isUnreachable { throw .unreachable(path, error.words) }
            throw error.isNotADatabase ? .notAFold(path) : SQLProjectionError(error)
        }
    }

    /// Makes the tables and the row of `_fold`, all or nothing.
    private static func begin(
        _ connection: Connection, _ projection: SQLProjection, _ identity: FoldIdentity
    ) throws(SQLProjectionError) {
        try storing { () throws(SQLiteError) in try connection.execute("BEGIN IMMEDIATE") }
        do throws(SQLProjectionError) {
            try CompiledProjection.makeTables(of: projection, on: connection)
            try storing { () throws(SQLiteError) in try FoldState.begin(projection, identity, on: connection) }
            // What the statements look like is known before anything stays.
            _ = try CompiledProjection(projection, on: connection)
            try storing { () throws(SQLiteError) in try connection.execute("COMMIT") }
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// Folds events that follow those before. Nothing of it stays without ``commit()``.
    func fold(_ events: [RecordedEvent]) throws(SQLProjectionError) {
        try begin()
        for event in events {
            precondition(event.position == state.next, "events are folded in order")
            if asOf.map({ event.time <= $0 }) ?? true {
                try fold(event)
                state.eventCount += 1
                state.latestTime = max(state.latestTime ?? event.time, event.time)
            }
            state.next = event.position.next
        }
    }

    private func fold(_ event: RecordedEvent) throws(SQLProjectionError) {
        let folded: FoldedEvent?
        do throws(UndecodableEvent) {
            folded = try FoldedEvent(event) { statements[$0]?.needsDecoding ?? false }
        } catch {
            throw .log("\(error)")
        }
        guard let folded, let steps = statements[folded.type] else { return }
        for step in steps.steps {
            let looks = connection.clockLookCount
            do throws(SQLiteError) {
                for (index, parameter) in step.parameters {
                    try folded.bind(parameter, to: step.statement, at: index, in: zone)
                }
                try step.statement.run()
            } catch {
                if error.isOfStorage || error.isInterrupted { throw SQLProjectionError(error) }
                throw .failed(line: step.line, type: folded.type, at: event.position, error.words, rows: committed)
            }
            guard connection.clockLookCount == looks else {
                throw .failed(
                    line: step.line, type: folded.type, at: event.position,
                    "it asked for the clock of the machine, which would give other rows the next time", rows: committed)
            }
        }
    }

    /// Drops what was not committed.
    func rollBack() throws(SQLProjectionError) {
        // A statement that was broken off has rolled back everything already.
        try? connection.execute("ROLLBACK")
        isInTransaction = false
        state = try storing { () throws(SQLiteError) in try FoldState(on: connection) }
    }

    private var isInTransaction = false

    private func begin() throws(SQLProjectionError) {
        guard !isInTransaction else { return }
        try storing { () throws(SQLiteError) in try connection.execute("BEGIN IMMEDIATE") }
        isInTransaction = true
    }

    /// Makes what was folded stay, together with how far it goes.
    ///
    /// - Throws: ``SQLProjectionError/beingFolded`` if another process has moved on meanwhile; nothing stays then.
    func commit() throws(SQLProjectionError) {
        guard state.next != committed else { return }
        try begin()
        let changed = try storing { () throws(SQLiteError) in
            try state.bind(to: checkpoint, after: committed)
            try checkpoint.run()
            return connection.changeCount
        }
        guard changed == 1 else {
            try? connection.execute("ROLLBACK")
            throw .beingFolded
        }
        try storing { () throws(SQLiteError) in try connection.execute("COMMIT") }
        isInTransaction = false
        committed = state.next
    }
}
