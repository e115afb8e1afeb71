internal import EventModel
internal import LMDB

/// One LMDB environment of wrapped keys (``KeyTable``). Every commit is synced before it returns.
final class KeyStore: Sendable {
    /// The generation of its directory.
    let generation: UInt64
    private let environment: Environment
    private let names: Database
    private let keys: Database
    private let fences: Database
    private let state: Database

    init(at directory: String, generation: UInt64, mapByteCount: Int) throws(LMDBError) {
        self.generation = generation
        environment = try Environment(
            at: directory, options: .init(mapByteCount: mapByteCount, databaseCountMax: KeyTable.allCases.count))
        names = try environment.database(KeyTable.names.rawValue) ?? .none
        keys = try environment.database(KeyTable.keys.rawValue) ?? .none
        fences = try environment.database(KeyTable.fences.rawValue) ?? .none
        state = try environment.database(KeyTable.state.rawValue) ?? .none
    }

    func row(of name: KeyName) throws(KeyStoreError) -> NameRow? {
        guard let value = try value(of: name.bytes, in: .names) else { return nil }
        guard let row = NameRow(value) else { throw KeyTable.names.damaged }
        return row
    }

    func row(of keyID: String) throws(KeyStoreError) -> KeyRow? {
        // A slot of an untrusted record may say anything; LMDB takes keys of 1 to 511 bytes.
        guard (1...Limits.nameByteCountMax).contains(keyID.utf8.count) else { return nil }
        guard let value = try value(of: Array(keyID.utf8), in: .keys) else { return nil }
        guard let row = KeyRow(value) else { throw KeyTable.keys.damaged }
        return row
    }

    /// Where a key with this fingerprint was erased.
    func fence(_ fingerprint: [UInt8]) throws(KeyStoreError) -> Position? {
        guard let value = try value(of: fingerprint, in: .fences) else { return nil }
        guard let position = Position(bigEndian: value) else { throw KeyTable.fences.damaged }
        return position
    }

    /// A word of the state table; `nil` if it was never written.
    func number(_ word: StateWord) throws(KeyStoreError) -> UInt64? {
        guard let value = try value(of: word.bytes, in: .state) else { return nil }
        guard let number = Position(bigEndian: value)?.index else { throw KeyTable.state.damaged }
        return number
    }

    /// Every row of a table, checked.
    func rows(of table: KeyTable) throws(KeyStoreError) -> [Row] {
        var found: [(key: [UInt8], value: [UInt8])] = []
        do {
            try environment.read { snapshot throws(LMDBError) in
                try snapshot.forEachRow(in: database(of: table)) { key, value in
                    found.append((key, value))
                    return true
                }
            }
        } catch {
            throw .storage(error)
        }
        return try found.map { row throws(KeyStoreError) in
            Row(table, row.key, try table.value(of: row.value, for: row.key))
        }
    }

    /// Writes and deletes rows in one synced commit.
    func write(_ rows: [Row]) throws(KeyStoreError) {
        do {
            try environment.write { transaction throws(LMDBError) in
                for row in rows {
                    try transaction.put(
                        row.table.sealed(row.value, for: row.key), for: row.key, in: database(of: row.table))
                }
            }
        } catch {
            throw .storage(error)
        }
    }

    private func value(of key: [UInt8], in table: KeyTable) throws(KeyStoreError) -> [UInt8]? {
        let row: [UInt8]?
        do {
            row = try environment.read { snapshot throws(LMDBError) in
                try snapshot.value(of: key, in: database(of: table))
            }
        } catch {
            throw .storage(error)
        }
        guard let row else { return nil }
        return try table.value(of: row, for: key)
    }

    private func database(of table: KeyTable) -> Database {
        switch table {
        case .names: names
        case .keys: keys
        case .fences: fences
        case .state: state
        }
    }
}

/// A row to write, without its checksum.
struct Row: Hashable {
    let table: KeyTable
    let key: [UInt8]
    let value: [UInt8]

    init(_ table: KeyTable, _ key: [UInt8], _ value: [UInt8]) {
        self.table = table
        self.key = key
        self.value = value
    }
}

/// The words of the state table.
enum StateWord: String {
    /// The format of the tables.
    case format
    /// The newest epoch that a row is wrapped under.
    case epoch
    /// The log is known to hold no erasure below this position that is not applied here.
    case applied

    var bytes: [UInt8] { Array(rawValue.utf8) }

    func row(_ number: UInt64) -> Row { Row(.state, bytes, Position(number).bigEndianBytes) }
}
