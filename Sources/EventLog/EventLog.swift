internal import DurableFiles
public import EventModel
internal import LMDB

/// The append-only log: the ground state of everything else.
///
/// Open it with ``withLog(at:options:_:)``, which closes it again, or keep the value that
/// ``init(at:options:)`` returns for the life of the process.
///
/// Invariants
/// 1. Positions are gapless from 0 in the log, revisions gapless from 0 in each stream.
/// 2. An acknowledged event is on disk; it is never changed.
/// 3. Reading sees every acknowledged event at once.
public final class EventLog: IndexedEventSource {
    /// How a log is opened.
    public struct Options: Sendable {
        /// Bytes that the log's database may ever use.
        public var mapByteCount = 1 << 40
        /// Bytes of the disk that are left free: below it appends get `LOGFULL`. By default a tenth of the disk,
        /// at least 64 MiB and at most 1 GiB.
        public var reserveByteCount: Int?
        /// Bytes of unpacked blocks that are kept in memory.
        public var cacheByteCount = 512 << 20
        /// Opens for reading only, also while another process writes.
        public var isReadOnly = false
        /// Opens a log for reading although acknowledged events are missing at its end, so that it can be audited.
        public var isDamageTolerated = false
        /// What derives the catalog's index terms.
        public var extractor: TermExtractor
        /// Which event may follow which in a stream; by default anything may follow anything.
        public var rules = LifecycleRules.none
        /// The server's clock.
        public var clock: @Sendable () -> Timestamp

        /// Options with an extractor and a clock; neither has a default that could surprise.
        public init(extractor: TermExtractor, clock: @escaping @Sendable () -> Timestamp) {
            self.extractor = extractor
            self.clock = clock
        }
    }

    /// Where the log lies.
    public let directory: DataDirectory
    public let identity: String
    let store: LogStore
    let index: Index?
    let extractor: TermExtractor
    let rules: LifecycleRules
    let clock: @Sendable () -> Timestamp
    /// What the journal should hold and does not, in a log that was opened all the same.
    let damage: OpenError?
    let writer: Writer?
    let sealer: Sealer?
    /// Bytes of the disk that appends leave free; `nil` where nothing is appended.
    let reserveByteCount: Int?
    private let signal: PositionSignal
    private let lock: FileLock?

    /// Opens the log of a data directory, creating both for writing.
    ///
    /// Opened for reading only, it shows the events that stood when it was opened.
    public init(at directory: DataDirectory, options: Options) throws(OpenError) {
        self.directory = directory
        extractor = options.extractor
        rules = options.rules
        clock = options.clock
        if options.isReadOnly {
            identity = try directory.checkForReading()
            lock = nil
        } else {
            let (lock, identity) = try directory.prepareForWriting()
            (self.lock, self.identity) = (lock, identity)
        }
        let store = try Self.openStore(directory, of: identity, options)
        self.store = store
        let recovered = try Self.recover(directory, of: identity, store, isWriterAbsent: !options.isReadOnly)
        damage = recovered.damage
        if let damage, !options.isReadOnly || !options.isDamageTolerated { throw damage }
        for run in recovered.runs { store.take(run) }
        signal = PositionSignal(end: store.end)
        guard !options.isReadOnly else {
            (index, writer, sealer, reserveByteCount) = (nil, nil, nil, nil)
            return
        }
        let index = try Self.openIndex(directory, log: identity, extractor)
        let newest = try Self.readTail(of: store, into: index, extractor)
        let sealer = Sealer(store)
        (self.index, self.sealer) = (index, sealer)
        do throws(FileError) {
            let journal = try Journal(in: directory.log, after: recovered)
            let room = Room(directory.log, store, reserveByteCount: options.reserveByteCount)
            reserveByteCount = room.reserveByteCount
            writer = Writer(
                of: identity, store, journal, sealer, room, index, QueryReader(store, index, extractor), rules, signal,
                lastRecorded: newest, clock: options.clock)
        } catch {
            throw .storage(error.description)
        }
    }

    /// Reads the journal. Beside a running writer a look may fall between two of its writes and seem to miss events:
    /// damage is believed when it is found twice in the same place.
    private static func recover(
        _ directory: DataDirectory, of log: String, _ store: LogStore, isWriterAbsent: Bool
    ) throws(OpenError) -> RecoveredJournal {
        var before: RecoveredJournal?
        while true {
            let found = try RecoveredJournal(in: directory.log, of: log) { () throws(OpenError) in
                try store.refresh()
                return store.sealedEnd
            }
            let isSame = before.map { $0.damage == found.damage && $0.ends == found.ends } ?? false
            if found.damage == nil || isWriterAbsent || isSame { return found }
            before = found
        }
    }

    static func openStore(
        _ directory: DataDirectory, of log: String, _ options: Options
    ) throws(OpenError) -> LogStore {
        do throws(LMDBError) {
            let store = try LogStore(
                at: directory, isReadOnly: options.isReadOnly, mapByteCount: options.mapByteCount,
                cacheByteCount: options.cacheByteCount)
            if try store.blocks.belong(to: log) { return store }
        } catch {
            throw .storage(error.description)
        }
        throw .otherBlocks
    }

    private static func openIndex(
        _ directory: DataDirectory, log: String, _ extractor: TermExtractor
    ) throws(OpenError) -> Index {
        do throws(IndexError) {
            return try Index(at: directory.index, of: log, extractorVersion: extractor.version, isReadOnly: false)
        } catch {
            throw .storage(error.description)
        }
    }

    /// Opens a log for the time of `body`.
    public static func withLog<Result>(
        at path: String, options: Options, _ body: (EventLog) async throws -> Result
    ) async throws -> Result {
        let log = try EventLog(at: DataDirectory(path), options: options)
        defer { log.close() }
        return try await body(log)
    }

    /// Stops taking events and waits until those taken are answered.
    public func close() {
        writer?.close()
        sealer?.drain()
        index?.close()
    }

    public var end: Position { signal.end }

    public func waitForEvent(at position: Position, atMost time: Duration) async {
        await signal.wait(for: position, atMost: time)
    }

    /// Whether the log takes events.
    var isWritable: Bool { writer.map { !$0.hasFailed } ?? false }

    /// Seals what can be sealed now rather than in the background, and gives back the journal's space.
    ///
    /// - Throws: ``AppendError`` when the disk is full or has failed.
    public func seal() throws(AppendError) { try writer?.sealAll() }

    /// Reads again what a crash took from the index, and checks the newest records while at it.
    /// Returns the newest recorded time.
    private static func readTail(
        of store: LogStore, into index: Index, _ extractor: TermExtractor
    ) throws(OpenError) -> Timestamp {
        let end = store.end
        guard end > .origin else { return Timestamp(milliseconds: 0) }
        guard index.end <= end else {
            throw .storage("the index knows more events than the log; delete 'index' after you made sure of the log")
        }
        var newest = Timestamp(milliseconds: 0)
        var rest = IndexFeed(index, extractor)
        do throws(ReadError) {
            try store.forEach(from: min(index.end, Position(end.index - 1))) { event, _ in
                newest = event.recorded
                rest.add(event)
                return true
            }
            rest.finish()
        } catch .corruptRecord(let position, let why) {
            throw position.next == end ? .damagedEnd(position, why) : .damagedRecord(position, why)
        } catch {
            throw .storage(error.description)
        }
        return newest
    }
}
