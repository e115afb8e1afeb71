internal import LMDB

/// A row that a view holds and its replay does not, or otherwise.
public struct RowDifference: Hashable, Sendable {
    /// How many are sampled.
    public static let countMax = 10

    /// What is wrong with the live row.
    public enum Kind: String, Sendable {
        /// The replay has it.
        case missing
        /// The replay does not have it.
        case surplus
        /// The replay has another.
        case changed
    }

    /// The table.
    public let table: String
    /// What is printable of the key: it names the entity whose events one looks at next.
    public let key: String
    /// What is wrong with the live row.
    public let kind: Kind
}

extension Generation {
    /// The first rows, by table and key, in which two generations of one projection differ.
    func differences(from other: Generation) throws(ViewError) -> [RowDifference] {
        var found: [RowDifference] = []
        do throws(LMDBError) {
            let (mine, theirs) = (try environment.snapshot(), try other.environment.snapshot())
            for (name, database) in databases.sorted(by: { $0.key < $1.key }) {
                guard let otherDatabase = other.databases[name] else { continue }
                try mine.withCursor(in: database) { left throws(LMDBError) in
                    try theirs.withCursor(in: otherDatabase) { right throws(LMDBError) in
                        try Self.compare(&left, &right, name, &found)
                    }
                }
            }
        } catch {
            throw .storage(error.description)
        }
        return found
    }

    private static func compare(
        _ left: inout Cursor, _ right: inout Cursor, _ name: String, _ found: inout [RowDifference]
    ) throws(LMDBError) {
        var (hasLeft, hasRight) = (try left.first(), try right.first())
        while hasLeft || hasRight, found.count < RowDifference.countMax {
            let isLeftFirst = hasLeft && (!hasRight || left.key.lexicographicallyPrecedes(right.key))
            let isRightFirst = hasRight && !isLeftFirst && (!hasLeft || right.key != left.key)
            if isLeftFirst {
                found.append(RowDifference(table: name, key: readable(left.key), kind: .surplus))
            } else if isRightFirst {
                found.append(RowDifference(table: name, key: readable(right.key), kind: .missing))
            } else if left.value != right.value {
                found.append(RowDifference(table: name, key: readable(left.key), kind: .changed))
            }
            if !isRightFirst { hasLeft = try left.next() }
            if !isLeftFirst { hasRight = try right.next() }
        }
    }

    /// Keys hold surrogates and integers, so what is printable of them names the entity.
    private static func readable(_ key: [UInt8]) -> String {
        String(decoding: key.map { 0x20 < $0 && $0 < 0x7F ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }
}
