internal import Crypto
public import EventModel
internal import Synchronization

/// What a `privacy.subject_erased` event says to the key store. The event is the fence: it stands in the log, signed
/// and synced, before any key goes.
public struct ErasureFence: Hashable, Sendable {
    /// Position of the event.
    public let position: Position
    /// Every identity of the person.
    public let subjects: [String]
    /// The purposes that are erased.
    public let purposes: [String]
    /// The keys that it found when it was decided.
    public let keyIDs: [String]
    /// SHA-256 of each of them, 32 bytes.
    public let fingerprints: [[UInt8]]

    /// A fence from its parts.
    public init(
        position: Position, subjects: [String], purposes: [String], keyIDs: [String], fingerprints: [[UInt8]]
    ) {
        self.position = position
        self.subjects = subjects
        self.purposes = purposes
        self.keyIDs = keyIDs
        self.fingerprints = fingerprints
    }
}

extension SubjectKeys {
    /// The live keys of a person, for the fence to name.
    public func keys(
        of subjects: [String], purposes: [String]
    ) throws(KeyStoreError) -> [(id: String, fingerprint: [UInt8])] {
        try commitNewKeys()
        let store = self.store
        var found: [(id: String, fingerprint: [UInt8])] = []
        for name in Self.names(subjects, purposes) {
            guard case .live(let id) = try store.row(of: name) else { continue }
            guard case .live(let stored) = try store.row(of: id) else { throw KeyTable.names.damaged }
            found.append((id, [UInt8](try unwrap(stored, id: id).sha256)))
        }
        return found
    }

    /// Applies a fence: its keys are deleted from the store and from memory, its names never get another. Applying it
    /// again changes nothing, so after a start or a restore every fence from ``appliedPosition`` on is simply applied.
    /// Fences are applied in the order of the log.
    ///
    /// The deleted bytes stay in free pages, and in backups, until ``rewrap(using:)`` and ``destroyEpochs(before:)``.
    public func erase(_ fence: ErasureFence) throws(KeyStoreError) {
        try minting.withLock { _ throws(KeyStoreError) in
            try writing.withLock { _ throws(KeyStoreError) in
                try writeNewKeys()
                try apply(fence)
            }
        }
    }

    private func apply(_ fence: ErasureFence) throws(KeyStoreError) {
        let store = self.store
        var rows: [Row] = []
        var keyIDs = Set(fence.keyIDs)
        for name in Self.names(fence.subjects, fence.purposes) {
            let row = try store.row(of: name)
            if case .erased = row { continue }
            if case .live(let id) = row { keyIDs.insert(id) }
            rows.append(Row(.names, name.bytes, fence.position.tombstone))
        }
        for id in keyIDs.sorted() {
            let row = try store.row(of: id)
            if case .erased = row { continue }
            // The name goes with its key, also one that the fence does not list: a key must not live by its name alone.
            if case .live(let stored) = row {
                rows.append(Row(.names, stored.name.bytes, fence.position.tombstone))
            }
            rows.append(Row(.keys, Array(id.utf8), fence.position.tombstone))
        }
        for fingerprint in fence.fingerprints where try store.fence(fingerprint) == nil {
            rows.append(Row(.fences, fingerprint, fence.position.bigEndianBytes))
        }
        let applied = max(fence.position.next.index, try store.number(.applied) ?? 0)
        try store.write(rows + [StateWord.applied.row(applied)])
        forget()
    }

    /// The log holds no erasure below this position that is not applied here; `nil` in a store that never heard of one.
    public var appliedPosition: Position? {
        get throws(KeyStoreError) { try store.number(.applied).map { Position($0) } }
    }

    /// Wraps every live key anew under a new epoch key, in a new file that holds nothing deleted, and removes the old
    /// file. What is sealed stays as it is. All keys pass through memory; seals of known keys go on meanwhile.
    ///
    /// - Returns: the new epoch. Once backups under the epochs before it may die, call ``destroyEpochs(before:)``.
    @discardableResult
    public func rewrap(using generator: inout some RandomNumberGenerator) throws(KeyStoreError) -> UInt32 {
        try minting.withLock { _ throws(KeyStoreError) in
            try writing.withLock { _ throws(KeyStoreError) in
                try writeNewKeys()
                let epoch = try epochs.advance(using: &generator)
                let old = store
                let next = try files.replace(old, with: try rewrapped(old, under: epoch))
                state.withLock { $0.store = next }
                forget()
                try files.remove(old.generation)
                return epoch
            }
        }
    }

    /// Destroys the keys of epochs before one, and with them the backups of the store from their time. An epoch under
    /// which a live key is still wrapped stays, with those after it: a rewrap that was cut off leaves such keys.
    ///
    /// - Returns: the oldest epoch that is left.
    @discardableResult
    public func destroyEpochs(before epoch: UInt32) throws(KeyStoreError) -> UInt32 {
        try minting.withLock { _ throws(KeyStoreError) in
            try writing.withLock { _ throws(KeyStoreError) in
                try writeNewKeys()
                var oldest = min(epoch, epochs.current)
                for row in try store.rows(of: .keys) {
                    guard let value = KeyRow(row.value) else { throw KeyTable.keys.damaged }
                    if case .live(let stored) = value { oldest = min(oldest, stored.epoch) }
                }
                for gone in 1..<max(1, oldest) { try epochs.destroy(gone) }
                return oldest
            }
        }
    }

    /// Raised by every erasure and rewrap. A seal belongs to the count before it: if the count has changed when its
    /// event is about to be recorded, the key may be gone, and the fields must be sealed again or refused.
    public var erasureCount: UInt64 { state.withLock { $0.erasures } }

    private func rewrapped(_ store: KeyStore, under epoch: UInt32) throws(KeyStoreError) -> [Row] {
        var rows = try store.rows(of: .names) + store.rows(of: .fences) + store.rows(of: .state)
        let epochKey = try epochs.key(of: epoch)
        for row in try store.rows(of: .keys) {
            guard let id = String(validating: row.key, as: UTF8.self), let value = KeyRow(row.value) else {
                throw KeyTable.keys.damaged
            }
            guard case .live(var stored) = value else {
                rows.append(row)
                continue
            }
            let bytes = try unwrap(stored, id: id)
            // A key that came back with an old backup is not carried on.
            if let position = try store.fence([UInt8](bytes.sha256)) {
                rows.append(Row(.keys, row.key, position.tombstone))
                rows.append(Row(.names, stored.name.bytes, position.tombstone))
                continue
            }
            stored.epoch = epoch
            let context = StoredKey.context(id: id, name: stored.name, epoch: epoch)
            guard let wrapped = WrappedKey.wrap(bytes, under: epochKey, context: context) else { throw .damagedKey }
            stored.wrapped = wrapped
            rows.append(Row(.keys, row.key, KeyRow.live(stored).bytes))
        }
        return rows + [StateWord.epoch.row(UInt64(epoch))]
    }

    /// Drops every unwrapped key, and what a thread is about to remember from before.
    private func forget() {
        state.withLock {
            $0.byName.removeAll()
            $0.byID.removeAll()
            $0.erasures += 1
        }
    }

    private static func names(_ subjects: [String], _ purposes: [String]) -> [KeyName] {
        subjects.flatMap { subject in purposes.map { KeyName(subject: subject, purpose: $0) } }
    }
}
