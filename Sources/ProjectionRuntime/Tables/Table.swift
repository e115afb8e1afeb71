/// The name and the types of a table: what a projection and its queries agree on.
public struct TableName<Key: RowKey, Row: RowValue>: Sendable {
    /// The name on disk.
    public let name: String

    /// A table of this name.
    public init(_ name: String) { self.name = name }
}

/// The rows of one table as a projection sees them while it folds.
///
/// Rows live in memory as values and are written with the checkpoint, so a hot row costs one dictionary
/// look-up per event, however often it changes between two commits. They are changed where they lie: nothing is copied.
public final class Table<Key: RowKey, Row: RowValue> {
    @usableFromInline let storage: TableStorage
    /// The places of rows; ``none`` where it is known that there is no row.
    @usableFromInline var places: [Key: Int] = [:]
    /// Keys and rows by place. A deleted row leaves its place empty of meaning: nothing in `places` leads there.
    @usableFromInline var keys: [Key] = []
    @usableFromInline var rows: [Row] = []
    @usableFromInline var isChanged: [Bool] = []
    @usableFromInline var changed: [Int] = []
    @usableFromInline var deleted: Set<Key> = []
    /// Bytes that a row takes in memory, as far as the rows of the last commit tell.
    @usableFromInline var rowByteCount = 0

    /// The place of no row.
    @usableFromInline static var none: Int { -1 }

    @usableFromInline
    init(_ storage: TableStorage) { self.storage = storage }

    /// The row of a key. Setting `nil` deletes it.
    @inlinable
    public subscript(key: Key) -> Row? {
        get {
            let place = place(of: key)
            return place < 0 ? nil : rows[place]
        }
        set {
            let place = place(of: key)
            guard let newValue else { return delete(key, at: place) }
            guard place >= 0 else { return insert(key, newValue) }
            mark(place)
            rows[place] = newValue
        }
    }

    /// Changes the row of a key in place, starting from `initial` where there is none.
    @inlinable
    public func update(_ key: Key, orInsert initial: @autoclosure () -> Row, _ change: (inout Row) -> Void) {
        var place = place(of: key)
        if place < 0 {
            place = rows.count
            insert(key, initial())
        } else {
            mark(place)
        }
        change(&rows[place])
    }

    @inlinable
    func mark(_ place: Int) {
        guard !isChanged[place] else { return }
        isChanged[place] = true
        changed.append(place)
    }

    @inlinable
    func place(of key: Key) -> Int { places[key] ?? placeAfterLoading(key) }

    @inlinable
    func placeAfterLoading(_ key: Key) -> Int {
        guard let row = stored(key) else {
            places[key] = Self.none
            return Self.none
        }
        places[key] = rows.count
        keys.append(key)
        rows.append(row)
        isChanged.append(false)
        return rows.count - 1
    }

    @inlinable
    func insert(_ key: Key, _ row: Row) {
        places[key] = rows.count
        changed.append(rows.count)
        keys.append(key)
        rows.append(row)
        isChanged.append(true)
        deleted.remove(key)
    }

    @inlinable
    func delete(_ key: Key, at place: Int) {
        guard place >= 0 else { return }
        places[key] = Self.none
        deleted.insert(key)
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
        for place in changed {
            isChanged[place] = false
            if places[keys[place]] == place { changes.take(keys[place], rows[place]) }
        }
        for key in deleted { changes.take(key, Row?.none) }
        changed.removeAll(keepingCapacity: true)
        deleted = []
        changes.sort()
        if changes.count > 0 {
            rowByteCount =
                3 * MemoryLayout<Key>.stride + MemoryLayout<Row>.stride + 3 * changes.rowByteCount / changes.count
        }
        return changes
    }

    @inlinable var residentByteCount: Int { places.count * rowByteCount }

    @inlinable
    func forget() {
        places = [:]
        keys = []
        rows = []
        isChanged = []
    }
}
