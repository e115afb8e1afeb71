internal import Crypto
public import EventModel
internal import Synchronization

/// What became of the personal fields of one slot.
public enum PersonalReading: Hashable, Sendable {
    /// The fields.
    case opened(PersonalFields)
    /// Their key was erased by the event at this position: they are gone for ever.
    case erased(at: Position)
    /// The reader has no right to this purpose.
    case sealed
}

/// Which purposes a reader may see.
public enum ReadingRight: Hashable, Sendable {
    case every
    case only(Set<String>)

    func allows(_ purpose: String) -> Bool {
        switch self {
        case .every: true
        case .only(let purposes): purposes.contains(purpose)
        }
    }
}

extension SubjectKeys {
    /// Opens one slot of a recorded event, or says why it shows nothing.
    ///
    /// - Parameter blob: the sealed blob; `nil` where it is deleted, which only an erasure may have done.
    /// - Throws: ``SealedFieldsError`` when something is damaged.
    public func open(
        _ slot: PersonalSlot, _ blob: [UInt8]?, event: EventKey, schema: UInt32, slot index: UInt8 = 0,
        right: ReadingRight
    ) throws(SealedFieldsError) -> PersonalReading {
        guard right.allows(slot.purpose) else { return .sealed }
        switch try keyState(of: slot.key) {
        case .erased(let position): return .erased(at: position)
        case .live(let key):
            guard let blob else { throw .noBlob }
            let place = SealedPlace(origin: origin, event: event, schema: schema, slot: index)
            return .opened(try key.open(blob, slot, at: place))
        }
    }

    private func keyState(of keyID: String) throws(SealedFieldsError) -> KeyState {
        if let known = state.withLock({ $0.byID.value(of: keyID) }) { return known }
        let found: KeyState?
        do {
            found = try load(keyID, from: store)
        } catch {
            throw .store(error)
        }
        guard let found else { throw .unknownKey }
        return found
    }

    /// Unwraps a key of the store, and remembers it unless the store was exchanged or something erased meanwhile.
    func load(_ keyID: String, from store: KeyStore) throws(KeyStoreError) -> KeyState? {
        let before = state.withLock { $0.erasures }
        let found: KeyState
        switch try store.row(of: keyID) {
        case nil: return nil
        case .erased(let position): found = .erased(at: position)
        case .live(let stored):
            let bytes = try unwrap(stored, id: keyID)
            if let position = try store.fence([UInt8](bytes.sha256)) {
                found = .erased(at: position)
            } else {
                found = .live(SubjectKey(id: keyID, name: stored.name, key: SymmetricKey(data: bytes)))
            }
        }
        state.withLock { state in
            guard state.erasures == before else { return }
            state.byID.insert(found, for: keyID)
            if case .live(let key) = found { state.byName.insert(found, for: key.name) }
        }
        return found
    }

    func unwrap(_ stored: StoredKey, id: String) throws(KeyStoreError) -> [UInt8] {
        let context = StoredKey.context(id: id, name: stored.name, epoch: stored.epoch)
        guard let key = WrappedKey.unwrap(stored.wrapped, under: try epochs.key(of: stored.epoch), context: context)
        else { throw .damagedKey }
        return key
    }
}
