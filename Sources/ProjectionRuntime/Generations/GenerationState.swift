internal import LMDB
internal import TransparencyLog

/// How many rows there are, and the RFC 6962 root over them in hexadecimal.
struct RowRoot: Hashable, Sendable {
    let count: UInt64
    let hash: String
}

/// What a generation holds at a checkpoint.
struct GenerationState: Hashable, Sendable {
    let checkpoint: Checkpoint
    /// Its rows; their root is the state hash.
    let rows: RowRoot

    /// The state hash.
    var hash: String { rows.hash }
}

extension RowRoot {
    /// The RFC 6962 root over the rows of all tables, sorted by table and key.
    ///
    /// An entry is `t16(table) ‖ u32 length ‖ key ‖ u32 length ‖ value`, integers big-endian.
    init(of databases: [String: Database], in transaction: ReadTransaction) throws(LMDBError) {
        var root = MerkleRootBuilder()
        var entry: [UInt8] = []
        for (name, database) in databases.sorted(by: { $0.key < $1.key }) {
            try transaction.forEachRow(in: database) { key, value in
                entry.removeAll(keepingCapacity: true)
                entry.append(bigEndian: UInt16(name.utf8.count))
                entry += name.utf8
                entry.append(bigEndian: UInt32(key.count))
                entry += key
                entry.append(bigEndian: UInt32(value.count))
                entry += value
                root.append(entry)
                return true
            }
        }
        self.init(count: root.leafCount, hash: root.root.hexadecimal)
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger & UnsignedInteger>(bigEndian number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
