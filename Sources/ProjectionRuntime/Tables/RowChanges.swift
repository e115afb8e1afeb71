internal import LMDB

/// What one table wants written, in key order: keys and rows as bytes, so that it can be made in one place and written
/// in another.
@usableFromInline
struct RowChanges: Sendable {
    @usableFromInline
    struct Place: Sendable {
        /// Eight bytes of the key, the first one highest, so that integers order like keys; made when they are sorted.
        var prefix: UInt64
        let key: Range<Int>
        let row: Range<Int>
        let isDeleted: Bool

        @usableFromInline
        init(prefix: UInt64, key: Range<Int>, row: Range<Int>, isDeleted: Bool) {
            self.prefix = prefix
            self.key = key
            self.row = row
            self.isDeleted = isDeleted
        }
    }

    /// Adds a row to what stands under its key; the sum is `nil` where nothing is to stand there any more.
    typealias Adding = @Sendable (_ stored: [UInt8]?, _ change: [UInt8]) throws(RowError) -> [UInt8]?

    let name: String
    private let database: Database
    private let adding: Adding?
    @usableFromInline var keys = KeyEncoder()
    @usableFromInline var rows = RowEncoder()
    @usableFromInline var places: [Place] = []

    init(_ storage: TableStorage, adding: @escaping Adding) {
        name = storage.name
        database = storage.database
        self.adding = adding
    }

    @usableFromInline
    init(_ storage: TableStorage) {
        name = storage.name
        database = storage.database
        adding = nil
    }

    /// Bytes of the rows.
    @usableFromInline var rowByteCount: Int { rows.bytes.count }
    /// Number of the rows.
    @usableFromInline var count: Int { places.count }

    /// Takes a row.
    @inlinable
    mutating func take(_ key: borrowing some RowKey, _ row: borrowing some RowValue) {
        let (keyStart, rowStart) = (keys.byteCount, rows.byteCount)
        key.encode(to: &keys)
        row.encode(to: &rows)
        add(key: keyStart, row: rowStart, isDeleted: false)
    }

    /// Deletes the row that stands.
    @inlinable
    mutating func delete(_ key: borrowing some RowKey) {
        let keyStart = keys.byteCount
        key.encode(to: &keys)
        add(key: keyStart, row: rows.byteCount, isDeleted: true)
    }

    @usableFromInline
    mutating func add(key: Int, row: Int, isDeleted: Bool) {
        places.append(
            Place(prefix: 0, key: key..<keys.byteCount, row: row..<rows.byteCount, isDeleted: isDeleted))
    }

    /// Puts the rows into key order. Keys of a table begin alike: what tells most of them apart are the eight bytes
    /// behind what all of them have in common.
    @usableFromInline
    mutating func sort() {
        let bytes = keys.bytes
        guard let first = places.first else { return }
        var common = first.key.count
        for place in places {
            let end = min(common, place.key.count)
            common = 0
            while common < end, bytes[place.key.lowerBound + common] == bytes[first.key.lowerBound + common] {
                common += 1
            }
        }
        for index in places.indices { places[index].prefix = Self.prefix(bytes, places[index].key.dropFirst(common)) }
        places.sort { left, right in
            left.prefix != right.prefix
                ? left.prefix < right.prefix
                : bytes[left.key].lexicographicallyPrecedes(bytes[right.key])
        }
    }

    /// Writes the rows.
    func write(into transaction: inout WriteTransaction) throws(LMDBError) {
        let (keys, rows) = (keys.bytes, rows.bytes)
        for place in places {
            if let adding {
                try add(Array(keys[place.key]), Array(rows[place.row]), adding, &transaction)
            } else if place.isDeleted {
                try transaction.delete(Array(keys[place.key]), in: database)
            } else {
                try transaction.put(
                    rows.span.extracting(place.row), for: keys.span.extracting(place.key), in: database)
            }
        }
    }

    /// The rows that the changes make of an empty table, in key order.
    func forEachRow(_ body: (_ key: [UInt8], _ value: [UInt8]) -> Void) throws(RowError) {
        for place in places where !place.isDeleted {
            let change = Array(rows.bytes[place.row])
            let row = if let adding { try adding(nil, change) } else { change }
            if let row { body(Array(keys.bytes[place.key]), row) }
        }
    }

    private func add(
        _ key: [UInt8], _ change: [UInt8], _ adding: Adding, _ transaction: inout WriteTransaction
    ) throws(LMDBError) {
        let stored = try transaction.value(of: key, in: database)
        let sum: [UInt8]?
        do throws(RowError) {
            sum = try adding(stored, change)
        } catch {
            throw .corrupted("table '\(name)': \(error.expected) expected at byte \(error.offset) of a row")
        }
        if let sum {
            try transaction.put(sum, for: key, in: database)
        } else {
            try transaction.delete(key, in: database)
        }
    }

    private static func prefix(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var prefix: UInt64 = 0
        for place in 0..<8 {
            let at = range.lowerBound + place
            prefix = prefix << 8 | UInt64(at < range.upperBound ? bytes[at] : 0)
        }
        return prefix
    }
}
