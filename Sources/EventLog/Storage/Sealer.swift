internal import Dispatch
internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Synchronization
internal import Zstd

/// Moves records from the journal into blocks, in the background.
///
/// Invariants
/// 1. Blocks are committed and synced before the store lets go of the records in memory, and long before the
///    journal writes over them. A seal that is interrupted anywhere leaves the records in the journal.
/// 2. A dictionary is committed with the first block that needs it.
/// 3. Only whole parts are sealed; the newest records, less than a part, stay in the journal.
/// 4. A block holds no sealed fields: those go to the ``PersonalStore``, and are on disk before the block is.
final class Sealer: Sendable {
    /// Bytes of unsealed records from which it sets to work.
    static let dueByteCount = 4 << 20
    /// Commits from which it sets to work: small ones use up the journal's pages before its bytes.
    static let dueRunCount = 4096
    /// Bytes of records of one commit, from which no block is added to it.
    private static let commitByteCountMax = 8 << 20

    private let store: LogStore
    private let queue = DispatchQueue(label: "rapport.sealer", qos: .utility)
    private let isScheduled = Atomic<Bool>(false)
    private let failure = Mutex<String?>(nil)

    init(_ store: LogStore) { self.store = store }

    /// Why the newest attempt failed; `nil` if it did not.
    var newestFailure: String? { failure.withLock { $0 } }

    /// Seals in the background if enough has gathered.
    func sealWhenDue() {
        guard store.isSealingDue(byteCount: Self.dueByteCount, runCount: Self.dueRunCount),
            isScheduled.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
        else { return }
        queue.async { [self] in
            isScheduled.store(false, ordering: .relaxed)
            seal()
        }
    }

    /// Seals every whole part and returns when it is done; see ``newestFailure``.
    func sealAll() { queue.sync { seal() } }

    /// Waits until everything that was begun has ended.
    func drain() { queue.sync {} }

    private func seal() {
        do throws(LMDBError) {
            while try sealSome() {}
            failure.withLock { $0 = nil }
        } catch {
            failure.withLock { $0 = error.description }
        }
    }

    /// Commits the next blocks; `false` if there is no whole part.
    private func sealSome() throws(LMDBError) -> Bool {
        let (sealedEnd, runs) = store.moment
        var records = RecordGatherer(runs, from: sealedEnd)
        let known = try store.blocks.dictionaries.newest()
        let made = try records.dictionary(after: known)
        let compressor = Compressor(dictionary: (made ?? known)?.bytes ?? [])
        var blocks: [(key: UInt64, bytes: [UInt8])] = []
        var personal: [PersonalStore.Row] = []
        var byteCount = 0
        while byteCount < Self.commitByteCountMax, records.count >= SealedBlock.partRecordCount {
            let key = SealedBlock.partNumber(of: records.next)
            var parts: [(byteCount: Int, frame: [UInt8])] = []
            while parts.count < SealedBlock.partCountMax, records.count >= SealedBlock.partRecordCount {
                let bytes = try records.take(SealedBlock.partRecordCount, sealedFields: &personal)
                byteCount += bytes.count
                do throws(ZstdError) {
                    parts.append((bytes.count, try compressor.compress(bytes.span)))
                } catch {
                    throw .other(code: 12, "zstd: \(error)")  // ENOMEM: nothing else can go wrong
                }
            }
            blocks.append((key, SealedBlock.encode(key: key, parts)))
        }
        guard !blocks.isEmpty else { return false }
        do throws(LMDBError) {
            try store.personal.write(personal)
            try store.blocks.write(blocks, made.map { [$0] } ?? [])
        } catch {
            try store.recognizeSealed()
            throw error
        }
        store.didSeal(to: records.next)
        return true
    }
}
