internal import CRMEvents
internal import CivilTime
internal import DurableFiles
public import EventModel
internal import SQLite

/// Which part of the log is folded.
public struct FoldBounds: Hashable, Sendable {
    /// The newest position to fold; the end of the log when absent.
    public var at: Position?
    /// Events with a later time are left out.
    public var asOf: Timestamp?

    /// Bounds; without arguments the whole log.
    public init(at: Position? = nil, asOf: Timestamp? = nil) {
        self.at = at
        self.asOf = asOf
    }
}

/// Folds a log into an SQLite file by a projection written in SQL.
public struct SQLFold: Sendable {
    /// What a fold came to.
    public struct Result: Sendable {
        /// How far the rows go.
        public let state: FoldState
        /// Where this run began.
        public let first: Position
        /// Whether it was asked to stop before its end. The rows are good as far as they go, and the next run goes on.
        public let isStopped: Bool
    }

    static let batchEventCount = 4096
    /// Events between two commits.
    static let commitEventCount: UInt64 = 16_384

    private let projection: SQLProjection
    private let source: any EventSource
    private let isPersonal: Bool

    /// A fold of a log. Statements that SQLite does not understand, or that a projection may not have, are refused
    /// here already.
    ///
    /// - Parameter isPersonal: whether the source opens personal fields, which `:personal` then holds.
    public init(
        _ projection: SQLProjection, of source: any EventSource, isPersonal: Bool
    ) throws(SQLProjectionError) {
        self.projection = projection
        self.source = source
        self.isPersonal = isPersonal
        try Self.check(projection)
    }

    /// Finds out whether SQLite understands the statements of a projection, and whether it may have them. Rows to begin
    /// with may take a hundred million steps.
    public static func check(_ projection: SQLProjection) throws(SQLProjectionError) {
        let identity = FoldIdentity(log: "", asOf: nil, isPersonal: false, tzData: nil)
        var questionCount = 0
        do throws(SQLProjectionError) {
            _ = try FoldFile(at: FoldFile.inMemory, projection, identity) {
                questionCount += 1
                return questionCount > 100
            }
        } catch .stopped {
            throw .form(line: projection.tables.line, "rows to begin with take more than a hundred million steps")
        }
    }

    /// Brings a file of rows up to the bounds: a new one from the beginning, one that stands from where it is.
    ///
    /// - Parameters:
    ///   - isAnew: folds from the beginning beside the file, which is replaced in one step at the end. Stopped or
    ///     killed, it goes on at the next call.
    ///   - isStopped: asked between batches, where `true` commits what there is and ends; and while a statement works,
    ///     which it breaks off: then the rows end with the commit before.
    public func run(
        into path: String, _ bounds: FoldBounds = FoldBounds(), isAnew: Bool = false,
        isStopped: @escaping @Sendable () -> Bool = { false }, progress: (@Sendable (Position, Position) -> Void)? = nil
    ) async throws(SQLProjectionError) -> Result {
        if let at = bounds.at, at >= source.end { throw .pastEnd(at, end: source.end) }
        let identity = FoldIdentity(
            log: source.identity, asOf: bounds.asOf, isPersonal: isPersonal, tzData: projection.zone.release)
        guard isAnew else {
            let file = try FoldFile(at: path, projection, identity, isStopped: isStopped)
            return try await fold(file, bounds, isStopped, progress)
        }
        // Whatever stands there is replaced, but only if it was made by a fold.
        let stored = DurableFiles.exists(path) ? try FoldFile.stored(at: path) : .nothing
        if case .foreign = stored { throw .notAFold(path) }
        try checkUnused(path)
        let result = try await fold(begun(beside: path, identity, isStopped), bounds, isStopped, progress)
        if !result.isStopped {
            try checkUnused(path)
            do throws(FileError) {
                try DurableFiles.remove(path + "-journal")
                try DurableFiles.move(path + Self.newEnding, to: path)
            } catch {
                throw .storage(error.description)
            }
        }
        return result
    }

    /// Whoever has the old file open would write what it still knows into the new one.
    private func checkUnused(_ path: String) throws(SQLProjectionError) {
        if DurableFiles.exists(path + "-wal") { throw .inUse(path + "-wal") }
    }

    private static let newEnding = ".new"

    /// The new file of a rebuild: the one that an interrupted rebuild has left, if it can be gone on with.
    private func begun(
        beside path: String, _ identity: FoldIdentity, _ isStopped: @escaping @Sendable () -> Bool
    ) throws(SQLProjectionError) -> FoldFile {
        let place = path + Self.newEnding
        do throws(SQLProjectionError) {
            let file = try FoldFile(at: place, projection, identity, isStopped: isStopped)
            if file.state.next <= source.end { return file }
        } catch {
            switch error {
            case .storage, .beingFolded, .stopped, .notAFold, .unreachable: throw error
            default: break  // begun by another text, log or bound
            }
        }
        do throws(FileError) {
            for name in [place, place + "-journal"] { try DurableFiles.remove(name) }
        } catch {
            throw .storage(error.description)
        }
        return try FoldFile(at: place, projection, identity, isStopped: isStopped)
    }

    private func fold(
        _ file: FoldFile, _ bounds: FoldBounds, _ isStopped: @Sendable () -> Bool,
        _ progress: (@Sendable (Position, Position) -> Void)?
    ) async throws(SQLProjectionError) -> Result {
        let first = file.state.next
        guard first <= source.end else { throw .aheadOfLog(folded: first, end: source.end) }
        let end = bounds.at?.next ?? source.end
        guard first <= end else {
            throw .otherBounds(
                "the rows know the events up to position \(first.index - 1), and --at asks for \(end.index - 1)")
        }
        var committed = first
        var batch = try Self.read(source, from: first, to: end)
        var isRefused = isStopped()
        while !batch.isEmpty, !isRefused {
            let current = batch
            let following = Position(file.state.next.index + UInt64(current.count))
            // While SQLite works on one batch, the next is read.
            async let ahead = Self.readAhead(source, from: following, to: end)
            let failure = Self.failure { () throws(SQLProjectionError) in try file.fold(current) }
            let next = await ahead
            if failure == .stopped {
                try file.rollBack()
                break
            }
            if let failure { throw failure }
            isRefused = isStopped()
            if isRefused || following.index - committed.index >= Self.commitEventCount {
                try file.commit()
                committed = following
            }
            progress?(following, end)
            if !isRefused { batch = try next.get() }
        }
        try file.commit()
        return Result(state: file.state, first: first, isStopped: file.state.next < end)
    }

    private static func failure(
        of body: () throws(SQLProjectionError) -> Void
    ) -> SQLProjectionError? {
        do throws(SQLProjectionError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @concurrent
    private static func readAhead(
        _ source: any EventSource, from next: Position, to end: Position
    ) async -> Swift.Result<[RecordedEvent], SQLProjectionError> {
        do throws(SQLProjectionError) {
            return .success(try read(source, from: next, to: end))
        } catch {
            return .failure(error)
        }
    }

    private static func read(
        _ source: any EventSource, from next: Position, to end: Position
    ) throws(SQLProjectionError) -> [RecordedEvent] {
        guard next < end else { return [] }
        do throws(ReadError) {
            return try source.events(from: next, count: min(batchEventCount, Int(end.index - next.index)))
        } catch {
            throw .log("\(error)")
        }
    }
}
