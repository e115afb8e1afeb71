internal import CRMEvents
internal import DurableFiles
internal import EventModel
internal import Foundation

/// Folds events into one generation. It is the only writer of that generation.
///
/// Entities are shared out over partitions, which fold at the same time. Each entity's events stay in order and rows
/// belong to one entity, so the rows are those of a fold on one core, byte for byte.
actor Projector {
    /// Memory for the rows of one projector where nobody says otherwise.
    static let residentByteCountMax = 192 << 20
    /// Events for which it pays to wake other cores.
    private static let sharedEventCountMin = 256
    /// An event of no partition: of a group that the projection does not handle, or past the as-of time.
    private static let nobodys: UInt8 = .max

    nonisolated let generation: Generation
    private let type: any ReadModel.Type
    /// Whether the projection handles a type, by the place of the type in the catalog.
    private let isHandled: [Bool]
    private let partitions: [Partition]
    private let lock: FileLock
    private let residentByteCountMax: Int
    private var applied: Checkpoint
    /// How far the changes go that were taken from the partitions to be written.
    private var taken: Checkpoint
    /// The commit that is being written.
    private var writing: Task<Void, Never>?
    /// Why nothing can be committed any more.
    private var failure: ViewError?

    /// Takes over a generation.
    ///
    /// - Parameters:
    ///   - partitionCount: how many cores fold, 1 to 64; by default as many as there are.
    ///   - residentByteCountMax: memory for its rows, by estimate; more is read again from the disk.
    /// - Throws: ``ViewError/notReady(_:)`` while another process writes it, ``ViewError/storage(_:)`` if it
    ///   has folded events that the log does not have: the log was replaced by an older one.
    init(
        _ type: any ReadModel.Type, _ generation: Generation, logEnd: Position, partitionCount: Int? = nil,
        residentByteCountMax: Int = Projector.residentByteCountMax
    ) throws(ViewError) {
        self.generation = generation
        self.type = type
        self.residentByteCountMax = residentByteCountMax
        isHandled = Catalog.standard.types.map { type.handles.contains($0.group) }
        lock = try generation.lock()
        let checkpoint = try generation.checkpoint()
        guard checkpoint.next <= logEnd else { throw .storage("it has folded events that the log does not have") }
        let partitionCount = partitionCount ?? ProcessInfo.processInfo.activeProcessorCount
        partitions = (0..<min(max(partitionCount, 1), 64)).map { _ in Partition(type, of: generation) }
        applied = checkpoint
        taken = checkpoint
    }

    /// The position of the next event that this generation needs.
    var next: Position { applied.next }

    /// Applies the events that it has not seen; the others of the batch are skipped.
    ///
    /// - Throws: ``ViewError/notReady(_:)`` at a type this build does not know: skipping it in silence
    ///   would make a read model that no newer build agrees with.
    func apply(_ events: [CRMEvent], asOf: Timestamp? = nil) async throws(ViewError) {
        let (shares, failure) = shares(of: events, asOf)
        if events.count < Self.sharedEventCountMin || partitions.count == 1 {
            for (number, partition) in partitions.enumerated() {
                await partition.apply(events, shares, number: UInt8(number))
            }
        } else {
            await withTaskGroup(of: Void.self) { group in
                for (number, partition) in partitions.enumerated() {
                    group.addTask { await partition.apply(events, shares, number: UInt8(number)) }
                }
            }
        }
        if let failure { throw failure }
    }

    /// Which partition each event belongs to; moves the checkpoint. With an event of an unknown type comes a failure,
    /// and no event behind it belongs to anybody.
    private func shares(of events: [CRMEvent], _ asOf: Timestamp?) -> (shares: [UInt8], failure: ViewError?) {
        var shares = [UInt8](repeating: Self.nobodys, count: events.count)
        for index in events.indices where events[index].position >= applied.next {
            let event = events[index]
            let (position, time) = (event.position, event.time)
            precondition(position == applied.next, "a projector sees every position once, in order")
            guard let group = event.group else {
                return (shares, .notReady("position \(position) has a type that this build does not know"))
            }
            applied.next = position.next
            if let asOf, time > asOf { continue }
            if event.typeNumber.map({ isHandled[$0] }) ?? type.handles.contains(group) {
                let hash = type.entity(of: event).hash
                shares[index] = UInt8(UInt(bitPattern: hash) % UInt(partitions.count))
            }
            applied.latestTime = max(applied.latestTime ?? time, time)
        }
        return (shares, nil)
    }

    /// Commits rows and checkpoint together. Returns the position of the next event.
    @discardableResult
    func commit() async throws(ViewError) -> Position {
        try await beginCommit()
        await finishWriting()
        if let failure { throw failure }
        return taken.next
    }

    /// Takes what has changed since the last commit and begins to write it, together with the checkpoint: as soon as
    /// this returns, more events can be folded. Waits until the commit before is written. What fails afterwards is
    /// thrown by the next call.
    ///
    /// - Precondition: nobody else folds or commits before this returns.
    func beginCommit() async throws(ViewError) {
        await finishWriting()
        if let failure { throw failure }
        guard applied != taken else { return }
        let goal = applied
        let changes: [RowChanges]
        do throws(ViewError) {
            changes = try await self.changes()
        } catch {
            failure = error
            throw error
        }
        taken = goal
        writing = Task {
            let failure = await Self.write(changes, at: goal, into: generation)
            await written(failure)
        }
    }

    /// Waits until nothing is being written.
    func finishWriting() async { await writing?.value }

    /// Whether its rows take so much more memory than they may that a commit should not wait: twice as much, or four
    /// times while one is being written, which makes room.
    var isFull: Bool {
        get async {
            var byteCount = 0
            for partition in partitions { byteCount += await partition.residentByteCount }
            return byteCount > (writing == nil ? 2 : 4) * residentByteCountMax
        }
    }

    @concurrent
    private static func write(
        _ changes: [RowChanges], at checkpoint: Checkpoint, into generation: Generation
    ) async -> ViewError? {
        do throws(ViewError) {
            try generation.commit(changes, at: checkpoint)
            return nil
        } catch {
            return error
        }
    }

    /// Ends a commit: what it wrote need not stay in memory.
    private func written(_ failure: ViewError?) async {
        if failure == nil {
            let share = residentByteCountMax / partitions.count
            await withTaskGroup(of: Void.self) { group in
                for partition in partitions {
                    group.addTask { await partition.forget(past: share) }
                }
            }
        }
        self.failure = failure
        writing = nil
    }

    private func changes() async throws(ViewError) -> [RowChanges] {
        let results = await withTaskGroup(of: Result<[RowChanges], ViewError>.self) { group in
            for partition in partitions {
                group.addTask {
                    do throws(ViewError) {
                        return .success(try await partition.takeChanges())
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var results: [Result<[RowChanges], ViewError>] = []
            for await result in group { results.append(result) }
            return results
        }
        var changes: [RowChanges] = []
        for result in results { changes += try result.get() }
        return changes
    }
}
