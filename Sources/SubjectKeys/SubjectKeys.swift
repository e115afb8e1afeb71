internal import Crypto
internal import EventModel
internal import Synchronization

/// The keys of all persons of one log, and with them the sealing and opening of personal fields.
///
/// Invariants
/// 1. A name (subject and purpose) has at most one live key; an erased name never gets another.
/// 2. A key is random, never derived: one is destroyed without the others.
/// 3. What ``seal(_:for:event:schema:slot:using:)`` returns may be under a key that is only in memory yet. Nothing of
///    it may be recorded before ``commitNewKeys()`` has returned; what is recorded can therefore be opened after a
///    crash.
/// 4. A key whose fingerprint is fenced is never served, whichever backup it came from.
///
/// Every call may come from any thread. A lock is held over a disk sync only between ``commitNewKeys()``,
/// ``erase(_:)`` and ``rewrap(using:)``, and minting waits for the latter two.
public final class SubjectKeys: Sendable {
    /// The log's origin name, to which every blob is bound.
    public let origin: String

    let files: KeyStoreFiles
    let epochs: EpochKeys
    let state: Mutex<State>
    /// Held while a name gets its key or is erased. Taken before ``writing``.
    let minting = Mutex(())
    /// Held while rows are written.
    let writing = Mutex(())

    struct State {
        var store: KeyStore
        var byName: RecentKeys<KeyName, KeyState>
        var byID: RecentKeys<String, KeyState>
        /// Raised when keys are forgotten, so that nobody remembers what was read before.
        var erasures: UInt64 = 0
        /// Keys in use that are not on disk yet.
        var new: [KeyName: NewKey] = [:]

        mutating func remember(_ key: SubjectKey) {
            byName.insert(.live(key), for: key.name)
            byID.insert(.live(key), for: key.id)
        }
    }

    enum KeyState {
        case live(SubjectKey)
        case erased(at: Position)
    }

    struct NewKey {
        let key: SubjectKey
        let epoch: UInt32
        let rows: [Row]
    }

    /// Opens the keys, making what is not there.
    ///
    /// - Parameters:
    ///   - directory: the key store, `keys/` of the data directory.
    ///   - epochDirectory: the epoch keys; apart from the key store and never in one backup with it.
    ///   - cachedKeyCountMax: unwrapped keys that are kept in memory, about 700 bytes each.
    ///   - mapByteCount: bytes that the store may ever use.
    /// - Throws: ``KeyStoreError``, among them ``KeyStoreError/epochsStale(stored:known:)`` when the epoch keys are
    ///   older than the store.
    public init(
        at directory: String, epochsAt epochDirectory: String, root: any KeyRoot, origin: String,
        cachedKeyCountMax: Int = 65_536, mapByteCount: Int = 64 << 30,
        using generator: inout some RandomNumberGenerator
    ) throws(KeyStoreError) {
        self.origin = origin
        files = KeyStoreFiles(directory: directory, mapByteCount: mapByteCount)
        let store = try files.open()
        epochs = try EpochKeys(at: epochDirectory, root: root, using: &generator)
        let stored = UInt32(truncatingIfNeeded: try store.number(.epoch) ?? 0)
        guard stored <= epochs.current else { throw .epochsStale(stored: stored, known: epochs.current) }
        state = Mutex(
            State(
                store: store, byName: RecentKeys(countMax: cachedKeyCountMax),
                byID: RecentKeys(countMax: cachedKeyCountMax)))
    }

    /// Keys that are unwrapped in memory, by either way of finding them.
    var cachedKeyCount: Int { state.withLock { max($0.byName.count, $0.byID.count) } }

    /// The store of this moment. It stays open as long as somebody holds it.
    var store: KeyStore { state.withLock { $0.store } }
}
