internal import LMDB

/// A table whose changes can be written.
protocol FlushableTable {
    /// Writes every change since the last flush.
    func flush(into transaction: inout WriteTransaction) throws(LMDBError)
    /// Drops the rows in memory when there are more than this.
    func forget(past entryCountMax: Int)
}

/// The tables of one generation.
public final class TableSet {
    /// Rows that one table keeps in memory between two commits, at most.
    static let residentRowCountMax = 1_000_000

    private let environment: Environment
    private var tables: [any FlushableTable] = []
    private(set) var databases: [String: Database]
    private var opened: Set<String> = []
    /// The names of the tables whose rows hold personal data.
    private(set) var personalNames: Set<String> = []
    private(set) var failure: ViewError?
    private var snapshot: ReadTransaction?

    /// Tables over an environment; those in `databases` stand already.
    init(_ environment: Environment, _ databases: [String: Database] = [:]) {
        self.environment = environment
        self.databases = databases
    }

    /// Opens a table, creating it in a new generation. Each name once.
    public func open<Key, Row>(_ name: TableName<Key, Row>) -> Table<Key, Row> {
        precondition(opened.insert(name.name).inserted, "table '\(name.name)' is opened twice")
        if name.isPersonal { personalNames.insert(name.name) }
        let storage = TableStorage(name.name, self)
        do throws(LMDBError) {
            let known = databases[name.name]
            guard let database = if known != nil { known } else { try environment.database(name.name) } else {
                fail("table '\(name.name)' is missing")
                return Table(storage)
            }
            databases[name.name] = database
            storage.database = database
        } catch {
            fail(error.description)
        }
        let table = Table<Key, Row>(storage)
        tables.append(table)
        return table
    }

    /// Remembers the first failure: a fold cannot throw, the commit after it does.
    func fail(_ why: String) {
        if failure == nil { failure = .storage(why) }
    }

    /// Writes all changes and what `body` adds, in one transaction.
    func commit(_ body: (inout WriteTransaction) throws(LMDBError) -> Void) throws(ViewError) {
        if let failure { throw failure }
        snapshot = nil
        do throws(LMDBError) {
            try environment.write { transaction throws(LMDBError) in
                for table in tables { try table.flush(into: &transaction) }
                try body(&transaction)
            }
        } catch {
            // The tables no longer know what is on disk, so this generation's projector stops here.
            fail(error.description)
            throw .storage(error.description)
        }
        for table in tables { table.forget(past: Self.residentRowCountMax) }
    }

    fileprivate func value(of key: [UInt8], in database: Database) -> [UInt8]? {
        do throws(LMDBError) {
            let snapshot = if let snapshot { snapshot } else { try environment.snapshot() }
            self.snapshot = snapshot
            return try snapshot.value(of: key, in: database)
        } catch {
            fail(error.description)
            return nil
        }
    }
}

/// Where one table's rows lie.
final class TableStorage {
    let name: String
    var database: Database = .none
    private unowned let tables: TableSet

    init(_ name: String, _ tables: TableSet) {
        self.name = name
        self.tables = tables
    }

    func value(of key: [UInt8]) -> [UInt8]? { tables.value(of: key, in: database) }
    func fail(_ why: String) { tables.fail(why) }
}
