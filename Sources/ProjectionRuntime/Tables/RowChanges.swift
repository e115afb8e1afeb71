internal import LMDB

/// What one table wants written, in key order: keys and rows as bytes, so that it can be made in one place and written
/// in another.
@usableFromInline
struct RowChanges: Sendable {
    @usableFromInline
    struct Place: Sendable {
        /// The first eight bytes of the key, the first one highest, so that integers order like keys.
        let prefix: UInt64
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

    private let name: String
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

    /// Takes a row; `nil` deletes the one that stands.
    @inlinable
    mutating func take(_ key: borrowing some RowKey, _ row: borrowing (some RowValue)?) {
        let (keyStart, rowStart) = (keys.bytes.count, rows.bytes.count)
        key.encode(to: &keys)
        row?.encode(to: &rows)
        let range = keyStart..<keys.bytes.count
        places.append(
            Place(
                prefix: Self.prefix(keys.bytes, range), key: range, row: rowStart..<rows.bytes.count,
                isDeleted: row == nil))
    }

    /// Puts the rows into key order.
    @usableFromInline
    mutating func sort() {
        let bytes = keys.bytes
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

    @usableFromInline
    static func prefix(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var prefix: UInt64 = 0
        for place in 0..<8 {
            let at = range.lowerBound + place
            prefix = prefix << 8 | UInt64(at < range.upperBound ? bytes[at] : 0)
        }
        return prefix
    }
}
