internal import Crypto
internal import DurableFiles
internal import Synchronization

/// The epoch keys, each wrapped under the root in a file of its own: `epoch-7.key`, and `CURRENT` with the number of
/// the newest.
///
/// They stand apart from the key store, and must not be in its backups: a backup of the store is readable exactly as
/// long as the epoch key that its rows are wrapped under, and destroying that key destroys the backup with it.
final class EpochKeys: Sendable {
    private struct State {
        var current: UInt32
        var keys: [UInt32: SymmetricKey]
    }

    private let directory: String
    private let root: any KeyRoot
    private let state: Mutex<State>

    /// Opens the epoch keys of a directory; makes directory and first epoch where there is none.
    init(at directory: String, root: any KeyRoot, using generator: inout some RandomNumberGenerator)
        throws(KeyStoreError)
    {
        self.directory = directory
        self.root = root
        var current: UInt32 = 0
        do {
            try DurableFiles.makeDirectory(directory)
            if let number = try DurableFiles.read(directory + "/CURRENT") {
                current = UInt32(String(decoding: number, as: UTF8.self)) ?? 0
                if current == 0 { throw KeyStoreError.format }
            }
        } catch {
            throw Self.storeError(error)
        }
        state = Mutex(State(current: current, keys: [:]))
        if current == 0 { try advance(using: &generator) } else { _ = try key(of: current) }
    }

    /// The newest epoch, under which new keys are wrapped.
    var current: UInt32 { state.withLock { $0.current } }

    /// The key of an epoch.
    ///
    /// - Throws: ``KeyStoreError/epochMissing(_:)`` when it is destroyed.
    func key(of epoch: UInt32) throws(KeyStoreError) -> SymmetricKey {
        if let known = state.withLock({ $0.keys[epoch] }) { return known }
        let key: SymmetricKey
        do {
            guard let wrapped = try DurableFiles.read(path(of: epoch)) else { throw KeyStoreError.epochMissing(epoch) }
            key = SymmetricKey(data: try root.unwrap(wrapped, context: Self.context(of: epoch)))
        } catch {
            throw Self.storeError(error)
        }
        state.withLock { $0.keys[epoch] = key }
        return key
    }

    /// Begins the next epoch. One call at a time. What a crash leaves of it is written over by the next attempt: no
    /// key is wrapped under an epoch that `CURRENT` does not name.
    @discardableResult
    func advance(using generator: inout some RandomNumberGenerator) throws(KeyStoreError) -> UInt32 {
        let epoch = current + 1
        let bytes = generator.bytes(32)
        do {
            let wrapped = try root.wrap(bytes, context: Self.context(of: epoch))
            try DurableFiles.replace(path(of: epoch), with: wrapped)
            try DurableFiles.replace(directory + "/CURRENT", with: Array("\(epoch)".utf8))
        } catch {
            throw Self.storeError(error)
        }
        state.withLock {
            $0.keys[epoch] = SymmetricKey(data: bytes)
            $0.current = epoch
        }
        return epoch
    }

    /// Destroys the key of an epoch before the current one, and with it every backup of the key store from that time.
    /// One that is gone already is fine.
    func destroy(_ epoch: UInt32) throws(KeyStoreError) {
        precondition(epoch < current, "keys are wrapped under the current epoch")
        do {
            guard try DurableFiles.read(path(of: epoch)) != nil else { return }
            try DurableFiles.remove(path(of: epoch))
        } catch {
            throw .file(error)
        }
        state.withLock { $0.keys[epoch] = nil }
    }

    private func path(of epoch: UInt32) -> String { "\(directory)/epoch-\(epoch).key" }

    private static func context(of epoch: UInt32) -> [UInt8] {
        var context = Array("rapport/1/epoch".utf8)
        context.appendBigEndian(epoch)
        return context
    }

    private static func storeError(_ error: any Error) -> KeyStoreError {
        switch error {
        case let error as KeyStoreError: error
        case let error as KeyRootError: .root(error)
        case let error as FileError: .file(error)
        default: .format
        }
    }
}
