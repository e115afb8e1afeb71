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
public final class EventLog: EventSource {
    /// How a log is opened.
    public struct Options: Sendable {
        /// Bytes that the log's file may ever use.
        public var mapByteCount = 1 << 40
        /// Opens for reading only, also while another process writes.
        public var isReadOnly = false
        /// What derives the catalog's index terms.
        public var extractor: TermExtractor
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
    let store: LogStore
    let index: Index?
    let extractor: TermExtractor
    private let writer: Writer?
    private let signal: PositionSignal
    private let lock: FileLock?

    /// Opens the log of a data directory, creating both for writing.
    public init(at directory: DataDirectory, options: Options) throws(OpenError) {
        self.directory = directory
        extractor = options.extractor
        if options.isReadOnly {
            try directory.checkForReading()
            lock = nil
        } else {
            lock = try directory.prepareForWriting()
        }
        do throws(LMDBError) {
            store = try LogStore(
                at: directory.log, isReadOnly: options.isReadOnly, mapByteCount: options.mapByteCount)
            signal = PositionSignal(end: try store.end())
            index =
                options.isReadOnly
                ? nil : try Index(at: directory.index, extractorVersion: extractor.version, isReadOnly: false)
        } catch {
            throw .storage(error.description)
        }
        guard let index else {
            writer = nil
            return
        }
        let newest = try Self.readTail(of: store, up: signal.end, into: index, extractor)
        writer = Writer(store, index, signal, lastRecorded: newest, clock: options.clock)
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
        index?.drain()
    }

    public var end: Position {
        if writer != nil { return signal.end }
        // A reader of a running log sees what the writer has committed meanwhile.
        if let end = try? store.end() { signal.advance(to: end) }
        return signal.end
    }

    public func waitForEvent(at position: Position, atMost time: Duration) async {
        await signal.wait(for: position, atMost: time)
    }

    /// What is known of the log as a whole.
    public var status: (end: Position, usedByteCount: Int, maxByteCount: Int, isWritable: Bool) {
        let counts = store.byteCounts
        return (end, counts.used, counts.max, writer.map { !$0.hasFailed } ?? false)
    }

    /// Reads again what a crash took from the index, and checks the newest records while at it.
    /// Returns the newest recorded time.
    private static func readTail(
        of store: LogStore, up end: Position, into index: Index, _ extractor: TermExtractor
    ) throws(OpenError) -> Timestamp {
        guard end > .origin else { return Timestamp(milliseconds: 0) }
        guard index.end <= end else {
            throw .storage("the index knows more events than the log; delete 'index' after you made sure of the log")
        }
        let start = min(index.end, Position(end.index - 1))
        var newest = Timestamp(milliseconds: 0)
        do throws(ReadError) {
            try store.forEach(from: start) { event, _ in
                newest = event.recorded
                if event.position >= index.end {
                    let references = extractor.references(event.content.type, event.stream, event.content.data)
                    index.add([index.hasher.keys(of: event.content, in: event.stream, references: references)])
                }
                return true
            }
        } catch .corruptRecord(let position, let why) {
            throw position.next == end ? .damagedEnd(position, why) : .damagedRecord(position, why)
        } catch {
            throw .storage(error.description)
        }
        return newest
    }
}

// MARK: - Appending

extension EventLog {
    /// Appends to one stream or several, all or nothing, and returns after the disk has it.
    public func append(
        _ appends: [StreamAppend], auth: [UInt8] = RecordedEvent.noCredential
    ) async throws(AppendError) -> [AppendReceipt] {
        let outcome = await withCheckedContinuation { continuation in
            submit([AppendRequest(appends, auth: auth)]) { continuation.resume(returning: $0[0]) }
        }
        return try outcome.get()
    }

    /// Hands requests to the writer; each succeeds or fails by itself, all in one commit where they fit.
    public func submit(
        _ requests: [AppendRequest],
        completion: @escaping @Sendable ([Result<[AppendReceipt], AppendError>]) -> Void
    ) {
        guard let writer else { return completion(requests.map { _ in .failure(.logFailed) }) }
        writer.submit(requests, completion: completion)
    }
}
