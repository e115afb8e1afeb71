internal import Crypto
public import EventModel
internal import Synchronization

extension SubjectKeys {
    /// Seals the personal fields of one slot, under a new key if this name has none yet.
    ///
    /// Call ``commitNewKeys()`` before anything of the result is recorded.
    ///
    /// - Throws: ``SealError/erased(at:)`` if the name's key was erased, ``SealError/store(_:)`` if the key cannot be
    ///   read.
    public func seal(
        _ fields: PersonalFields, for name: KeyName, event: EventKey, schema: UInt32, slot: UInt8 = 0,
        using generator: inout some RandomNumberGenerator
    ) throws(SealError) -> SealedFields {
        let key = try key(for: name, using: &generator)
        return try key.seal(
            fields, at: SealedPlace(origin: origin, event: event, schema: schema, slot: slot),
            SealRandomness(using: &generator))
    }

    /// Puts the new keys on disk; returns at once when there are none. Threads that wait share one sync.
    ///
    /// - Throws: ``KeyStoreError``; the keys stay in memory, and the next call writes them anew.
    public func commitNewKeys() throws(KeyStoreError) {
        guard state.withLock({ !$0.new.isEmpty }) else { return }
        do throws(KeyStoreError) {
            try writing.withLock { _ throws(KeyStoreError) in try writeNewKeys() }
        } catch  where error.isOutOfSpace {
            throw .noRoom
        }
    }

    /// Writes the new keys; the caller holds ``writing``.
    func writeNewKeys() throws(KeyStoreError) {
        let (store, new) = state.withLock { ($0.store, $0.new) }
        guard let epoch = new.values.map(\.epoch).max() else { return }
        // Keys that were made before an epoch began may be written after those of the next.
        let newest = max(UInt64(epoch), try store.number(.epoch) ?? 0)
        try store.write(new.values.flatMap(\.rows) + [StateWord.epoch.row(newest)])
        state.withLock {
            for (name, key) in new {
                $0.new[name] = nil
                $0.remember(key.key)
            }
        }
    }

    private func key(
        for name: KeyName, using generator: inout some RandomNumberGenerator
    ) throws(SealError) -> SubjectKey {
        for count in [name.subject.utf8.count, name.purpose.utf8.count]
        where !(1...Limits.nameByteCountMax).contains(count) {
            throw .nameByteCount(count)
        }
        let known = state.withLock { $0.new[name].map { .live($0.key) } ?? $0.byName.value(of: name) }
        if let known { return try live(known) }
        if let found = try found(name) { return try live(found) }
        return try minting.withLock { _ throws(SealError) in try mint(name, using: &generator) }
    }

    /// Makes the key of a name; the caller holds ``minting``, under which another may have made it meanwhile.
    ///
    /// New keys are looked at before the store: they leave the list only when the store has them.
    private func mint(
        _ name: KeyName, using generator: inout some RandomNumberGenerator
    ) throws(SealError) -> SubjectKey {
        if let new = state.withLock({ $0.new[name] }) { return new.key }
        if let state = try found(name) { return try live(state) }
        do {
            let new = try newKey(for: name, using: &generator)
            state.withLock { $0.new[name] = new }
            return new.key
        } catch {
            throw .store(error)
        }
    }

    private func newKey(
        for name: KeyName, using generator: inout some RandomNumberGenerator
    ) throws(KeyStoreError) -> NewKey {
        let epoch = epochs.current
        let id = "k-" + generator.bytes(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let bytes = generator.bytes(32)
        let context = StoredKey.context(id: id, name: name, epoch: epoch)
        guard let wrapped = WrappedKey.wrap(bytes, under: try epochs.key(of: epoch), context: context) else {
            throw .damagedKey
        }
        let row = KeyRow.live(StoredKey(epoch: epoch, name: name, wrapped: wrapped))
        return NewKey(
            key: SubjectKey(id: id, name: name, key: SymmetricKey(data: bytes)), epoch: epoch,
            rows: [Row(.names, name.bytes, NameRow.live(keyID: id).bytes), Row(.keys, Array(id.utf8), row.bytes)])
    }

    private func live(_ state: KeyState) throws(SealError) -> SubjectKey {
        switch state {
        case .live(let key): return key
        case .erased(let position): throw .erased(at: position)
        }
    }

    private func found(_ name: KeyName) throws(SealError) -> KeyState? {
        do {
            return try stored(name)
        } catch {
            throw .store(error)
        }
    }

    /// What the store has for a name, remembered.
    private func stored(_ name: KeyName) throws(KeyStoreError) -> KeyState? {
        let store = self.store
        switch try store.row(of: name) {
        case nil: return nil
        case .erased(let position): return .erased(at: position)
        case .live(let keyID):
            guard let state = try load(keyID, from: store) else { throw KeyTable.names.damaged }
            if case .live(let key) = state, key.name != name { throw KeyTable.names.damaged }
            return state
        }
    }
}
