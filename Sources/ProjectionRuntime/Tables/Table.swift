internal import LMDB

/// The name and the types of a table: what a projection and its queries agree on.
public struct TableName<Key: RowKey, Row: RowValue>: Sendable {
    /// The name on disk.
    public let name: String
    /// Whether its rows hold personal data in clear, so that the state hash leaves them out.
    ///
    /// A recorded hash over such rows would be an unsalted hash of personal data, kept for ever, and no replay could
    /// give it again after an erasure (VERIFIABILITY.md 5.2).
    public let isPersonal: Bool

    /// A table of this name.
    public init(_ name: String, isPersonal: Bool = false) {
        self.name = name
        self.isPersonal = isPersonal
    }
}

/// The rows of one table as a projection sees them while it folds.
///
/// Rows live in memory as values and are written with the checkpoint, so a hot row costs one dictionary
/// look-up per event, however often it changes between two commits.
public final class Table<Key: RowKey, Row: RowValue> {
    @usableFromInline
    struct Entry {
        @usableFromInline var row: Row?
        @usableFromInline var isChanged: Bool
    }

    private let storage: TableStorage
    @usableFromInline var entries: [Key: Entry] = [:]
    @usableFromInline var changed: [Key] = []

    init(_ storage: TableStorage) { self.storage = storage }

    /// The row of a key. Setting `nil` deletes it.
    @inlinable
    public subscript(key: Key) -> Row? {
        get { entries.values[slot(of: key)].row }
        set { change(key) { $0 = newValue } }
    }

    /// Changes the row of a key in place, starting from `initial` where there is none.
    @inlinable
    public func update(_ key: Key, orInsert initial: @autoclosure () -> Row, _ change: (inout Row) -> Void) {
        self.change(key) { row in
            // Taken out of its place for the change, the row is the only reference: nothing is copied.
            var changed = row.take() ?? initial()
            change(&changed)
            row = changed
        }
    }

    @inlinable
    func change(_ key: Key, _ body: (inout Row?) -> Void) {
        let slot = slot(of: key)
        if !entries.values[slot].isChanged {
            entries.values[slot].isChanged = true
            changed.append(key)
        }
        body(&entries.values[slot].row)
    }

    @inlinable
    func slot(of key: Key) -> Dictionary<Key, Entry>.Index {
        entries.index(forKey: key) ?? slotAfterLoading(key)
    }

    @usableFromInline
    func slotAfterLoading(_ key: Key) -> Dictionary<Key, Entry>.Index {
        entries[key] = Entry(row: stored(key), isChanged: false)
        guard let slot = entries.index(forKey: key) else {
            preconditionFailure("an entry stands where it was just put")
        }
        return slot
    }

    private func stored(_ key: Key) -> Row? {
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

extension Table: FlushableTable {
    func flush(into transaction: inout WriteTransaction) throws(LMDBError) {
        var encoder = RowEncoder()
        let rows = changed.map { (bytes: $0.keyBytes, key: $0) }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        for (bytes, key) in rows {
            guard let slot = entries.index(forKey: key) else { continue }
            entries.values[slot].isChanged = false
            guard let row = entries.values[slot].row else {
                try transaction.delete(bytes, in: storage.database)
                continue
            }
            encoder.reset()
            row.encode(to: &encoder)
            try transaction.put(encoder.bytes, for: bytes, in: storage.database)
        }
        changed.removeAll(keepingCapacity: true)
    }

    func forget(past entryCountMax: Int) {
        if entries.count > entryCountMax { entries = [:] }
    }
}
