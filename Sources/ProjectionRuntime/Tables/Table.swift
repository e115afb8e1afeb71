/// The name and the types of a table: what a projection and its queries agree on.
public struct TableName<Key: RowKey, Row: RowValue>: Sendable {
    /// The name on disk.
    public let name: String

    /// A table of this name.
    public init(_ name: String) { self.name = name }
}

/// The rows of one table as a projection sees them while it folds.
///
/// Rows live in memory as values and are written with the checkpoint, so a hot row costs one look-up per event, however
/// often it changes between two commits. They are changed where they lie: nothing is copied.
public final class Table<Key: RowKey, Row: RowValue> {
    /// What is known of the row at a place.
    @usableFromInline
    enum State: UInt8 {
        /// It is as it stands on disk, or differs from that.
        case clean, changed
        /// There is none, but it stands on disk; or not there either. What lies at the place means nothing.
        case deleted, absent

        @usableFromInline var isRow: Bool { self == .clean || self == .changed }
    }

    /// What lies at a place, side by side, so that one look into the memory finds key and row.
    @usableFromInline
    struct Entry {
        @usableFromInline let key: Key
        @usableFromInline var state: State
        @usableFromInline var row: Row

        @usableFromInline
        init(_ key: Key, _ state: State, _ row: Row) {
            self.key = key
            self.state = state
            self.row = row
        }

        /// Hands over what has changed. The entry is lent for changes, so it is read where it lies: nothing is copied.
        @inlinable
        mutating func take(into changes: inout RowChanges) {
            if state == .changed {
                changes.take(key, row)
                state = .clean
            } else {
                changes.delete(key)
                state = .absent
            }
        }
    }

    @usableFromInline let storage: TableStorage
    @usableFromInline var places = KeyPlaces()
    /// By place.
    @usableFromInline var entries: [Entry] = []
    /// Places of rows that were changed or deleted.
    @usableFromInline var changed: [Int] = []
    /// Keys without a row, as far as somebody asked.
    @usableFromInline var missing: Set<Key> = []
    /// Whether every row is in memory: on disk there was none to begin with, and none was forgotten.
    @usableFromInline var isWhole: Bool
    /// Bytes that a row takes in memory; what it points to as far as the rows of the last commit tell.
    @usableFromInline var rowByteCount = Table.entryByteCount
    @usableFromInline static var entryByteCount: Int { KeyPlaces.placeByteCount + MemoryLayout<Entry>.stride }

    @usableFromInline
    init(_ storage: TableStorage) {
        self.storage = storage
        isWhole = storage.isEmpty
    }

    /// The row of a key. Setting `nil` deletes it.
    @inlinable
    public subscript(key: Key) -> Row? {
        get {
            let place = place(of: key, hash: key.tableHash)
            return place >= 0 && entries[place].state.isRow ? entries[place].row : nil
        }
        set {
            let hash = key.tableHash
            let place = place(of: key, hash: hash)
            guard let newValue else { return delete(place) }
            guard place >= 0 else { return insert(key, newValue, hash: hash, .changed) }
            entries[place].row = newValue
            mark(place, .changed)
        }
    }

    /// Changes the row of a key in place, starting from `initial` where there is none.
    @inlinable
    public func update(_ key: Key, orInsert initial: @autoclosure () -> Row, _ change: (inout Row) -> Void) {
        let hash = key.tableHash
        var place = place(of: key, hash: hash)
        if place < 0 {
            place = entries.count
            insert(key, initial(), hash: hash, .changed)
        } else {
            if !entries[place].state.isRow { entries[place].row = initial() }
            mark(place, .changed)
        }
        change(&entries[place].row)
    }

    @inlinable
    func mark(_ place: Int, _ state: State) {
        let former = entries[place].state
        guard former != state else { return }
        entries[place].state = state
        if former == .clean || former == .absent { changed.append(place) }
    }

    /// The place of a key, with or without a row; −1 for a key that has neither, here and on disk.
    @inlinable
    func place(of key: Key, hash: Int) -> Int {
        let place = places.place(hash) { entries[$0].key == key }
        return place >= 0 || isWhole ? place : placeAfterLoading(key, hash)
    }

    @inlinable
    func placeAfterLoading(_ key: Key, _ hash: Int) -> Int {
        guard !missing.contains(key) else { return -1 }
        guard let row = stored(key) else {
            missing.insert(key)
            return -1
        }
        insert(key, row, hash: hash, .clean)
        return entries.count - 1
    }

    @inlinable
    func insert(_ key: Key, _ row: Row, hash: Int, _ state: State) {
        let place = entries.count
        places.insert(place, hash: hash)
        entries.append(Entry(key, state, row))
        guard state == .changed else { return }
        changed.append(place)
        if !isWhole { missing.remove(key) }
    }

    @inlinable
    func delete(_ place: Int) {
        if place >= 0, entries[place].state.isRow { mark(place, .deleted) }
    }

    @inlinable
    func stored(_ key: Key) -> Row? {
        guard let bytes = storage.value(of: key.keyBytes) else { return nil }
        do throws(RowError) {
            var decoder = RowDecoder(bytes)
            return try Row(from: &decoder)
        } catch {
            storage.fail("table '\(storage.name)': \(error.expected) expected at byte \(error.offset) of a row")
            return nil
        }
    }
}

extension Table {
    @inlinable
    func takeChanges() -> RowChanges {
        var changes = RowChanges(storage)
        for place in changed { entries[place].take(into: &changes) }
        changed.removeAll(keepingCapacity: true)
        changes.sort()
        if changes.count > 0 { rowByteCount = Self.entryByteCount + 3 * changes.rowByteCount / changes.count }
        return changes
    }

    @inlinable var residentByteCount: Int { (entries.count + missing.count) * rowByteCount }

    /// Drops the rows that were not changed since the last call of ``takeChanges()``.
    @inlinable
    func forget() {
        let kept = changed.map { entries[$0] }
        places = KeyPlaces()
        entries = []
        changed = []
        missing = []
        isWhole = false
        for entry in kept {
            if entry.state != .changed { changed.append(entries.count) }
            insert(entry.key, entry.row, hash: entry.key.tableHash, entry.state)
        }
    }
}
