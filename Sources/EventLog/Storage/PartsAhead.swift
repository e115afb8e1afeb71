internal import Dispatch
internal import EventModel
internal import RecordFormat
internal import Synchronization

/// Consecutive packed parts of one block, unpacked by a helper and by the scan that goes through them.
///
/// Unpacking is most of what a scan costs. Both take the next part that nobody has taken: the helper runs ahead, and
/// where it is not fast enough the scan unpacks too. It never waits: on a busy machine the helper may have been put
/// to sleep with a part in hand, and to unpack that once more costs 10 µs.
final class PartsAhead: Sendable {
    /// Bytes of records at which no further part is added: a part may have 9 MB.
    static let byteCountMax = 4 << 20

    /// Position of the first record.
    let first: Position
    /// The position after the last one.
    let end: Position
    private let parts: [Result<SealedBlock.Part, RecordError>]
    private let unpack: @Sendable (SealedBlock.Part) throws(RecordError) -> RecordRun
    private let results: Mutex<[Result<RecordRun, RecordError>?]>
    private let takenCount = Atomic(0)

    /// Parts that stand one behind the other, the first of them that of a position; damaged ones are known as such
    /// only when they are asked for.
    init(
        from position: Position, _ parts: [Result<SealedBlock.Part, RecordError>],
        _ unpack: @escaping @Sendable (SealedBlock.Part) throws(RecordError) -> RecordRun
    ) {
        self.parts = parts
        self.unpack = unpack
        first = SealedBlock.first(ofPart: SealedBlock.partNumber(of: position))
        end = Position(first.index + UInt64(parts.count * SealedBlock.partRecordCount))
        results = Mutex(Array(repeating: nil, count: parts.count))
    }

    /// Lets a helper begin, after those that the queue has already.
    func begin(on queue: DispatchQueue) {
        queue.async { while self.unpackNext() {} }
    }

    /// Lets the helper end early.
    func cancel() { takenCount.store(parts.count, ordering: .relaxed) }

    /// The run that holds a position, unpacked here if need be.
    ///
    /// - Precondition: `first ≤ position < end`.
    func run(holding position: Position) throws(ReadError) -> RecordRun {
        let place = Int(position.index - first.index) / SealedBlock.partRecordCount
        var found = results.withLock { $0[place] }
        while found == nil, unpackNext() { found = results.withLock { $0[place] } }
        do throws(RecordError) {
            return try (found ?? unpacked(place)).get()
        } catch {
            throw .corruptRecord(at: position, why: error.description)
        }
    }

    /// Unpacks the next part that nobody has taken; `false` if there is none.
    private func unpackNext() -> Bool {
        let place = takenCount.add(1, ordering: .relaxed).oldValue
        guard place < parts.count else { return false }
        let result = unpacked(place)
        results.withLock { $0[place] = result }
        return true
    }

    private func unpacked(_ place: Int) -> Result<RecordRun, RecordError> {
        Result { () throws(RecordError) in try unpack(parts[place].get()) }
    }
}
