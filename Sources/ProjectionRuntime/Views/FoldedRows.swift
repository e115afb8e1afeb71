internal import EventModel
internal import LMDB

/// The rows of a table that was folded in memory, in key order: what would stand on disk after a first commit.
struct FoldedRows: Sendable {
    private var rows: [(key: [UInt8], value: [UInt8])] = []

    /// The rows that changes make of an empty table.
    init(_ changes: RowChanges) throws(RowError) {
        try changes.forEachRow { key, value in rows.append((key, value)) }
    }

    func value(of key: [UInt8]) -> [UInt8]? {
        let place = place(of: key)
        return place < rows.count && rows[place].key == key ? rows[place].value : nil
    }

    /// Hands the rows to `body` in key order until it returns `false`. `from` includes.
    func forEachRow(from start: [UInt8]?, backward: Bool, _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool) {
        var places = 0..<rows.count
        if let start {
            let place = place(of: start)
            let isThere = place < rows.count && rows[place].key == start
            places = backward ? 0..<(isThere ? place + 1 : place) : place..<rows.count
        }
        while let place = backward ? places.popLast() : places.popFirst(), body(rows[place].key, rows[place].value) {}
    }

    /// The place of the first row whose key is not before this one.
    private func place(of key: [UInt8]) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Where the rows of a snapshot lie.
enum RowStore {
    /// In a generation, as of one transaction.
    case stored(ReadTransaction, [String: Database])
    /// In memory, by table: those of one entity, folded for one question.
    case folded([String: FoldedRows])

    func value(of key: [UInt8], in table: String) throws(LMDBError) -> [UInt8]? {
        switch self {
        case .stored(let transaction, let databases):
            try transaction.value(of: key, in: databases[table] ?? .none)
        case .folded(let tables): tables[table]?.value(of: key)
        }
    }

    func forEachRow(
        in table: String, from start: [UInt8]?, backward: Bool, _ body: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(LMDBError) {
        switch self {
        case .stored(let transaction, let databases):
            try transaction.forEachRow(in: databases[table] ?? .none, from: start, backward: backward, body)
        case .folded(let tables): tables[table]?.forEachRow(from: start, backward: backward, body)
        }
    }
}
