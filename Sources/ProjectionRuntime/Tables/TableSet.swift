internal import LMDB

/// What a set asks of its tables. Closures, made where the types of keys and rows are known, so that the compiler
/// specialises the work for them; through a protocol it would be done by the generic code.
@usableFromInline
struct OpenTable {
    /// Every change since the last call, in key order.
    let takeChanges: () -> RowChanges
    /// Memory that its rows take, by estimate.
    let residentByteCount: () -> Int
    /// Drops the rows in memory that were not changed since the last call of `takeChanges`; they are read again from
    /// the disk.
    let forget: () -> Void

    @usableFromInline
    init(
        takeChanges: @escaping () -> RowChanges, residentByteCount: @escaping () -> Int, forget: @escaping () -> Void
    ) {
        self.takeChanges = takeChanges
        self.residentByteCount = residentByteCount
        self.forget = forget
    }
}

/// The tables of one partition of one generation; or of no generation at all, in memory alone.
public final class TableSet {
    private let environment: Environment?
    private var tables: [OpenTable] = []
    private(set) var databases: [String: Database]
    private var opened: Set<String> = []
    private(set) var failure: ViewError?
    private var snapshot: ReadTransaction?

    /// Tables over an environment; those in `databases` stand already. Without an environment they are empty, and their
    /// rows are in memory until their changes are taken.
    init(_ environment: Environment?, _ databases: [String: Database] = [:]) {
        self.environment = environment
        self.databases = databases
    }

    /// Opens a table, creating it in a new generation. Each name once.
    @inlinable
    public func open<Key, Row>(_ name: TableName<Key, Row>) -> Table<Key, Row> {
        let table = Table<Key, Row>(storage(name.name))
        add(
            OpenTable(
                takeChanges: { table.takeChanges() }, residentByteCount: { table.residentByteCount },
                forget: { table.forget() }))
        return table
    }

    /// Opens a table of sums, creating it in a new generation. Each name once.
    public func openSums<Key, Row>(_ name: TableName<Key, Row>) -> Sums<Key, Row> {
        let sums = Sums<Key, Row>(storage(name.name))
        // Nothing of sums is kept between two commits.
        add(OpenTable(takeChanges: { sums.takeChanges() }, residentByteCount: { 0 }, forget: {}))
        return sums
    }

    @usableFromInline
    func add(_ table: OpenTable) { tables.append(table) }

    @usableFromInline
    func storage(_ name: String) -> TableStorage {
        precondition(opened.insert(name).inserted, "table '\(name)' is opened twice")
        let storage = TableStorage(name, self)
        guard let environment else { return storage }
        do throws(LMDBError) {
            let known = databases[name]
            guard let database = if known != nil { known } else { try environment.database(name) } else {
                fail("table '\(name)' is missing")
                return storage
            }
            databases[name] = database
            storage.database = database
        } catch {
            fail(error.description)
        }
        return storage
    }

    /// Remembers the first failure: a fold cannot throw, the commit after it does.
    func fail(_ why: String) {
        if failure == nil { failure = .storage(why) }
    }

    /// All changes since the last call. Until they are committed their rows stay in memory, so whatever else is read
    /// from the disk stands there as it was before.
    func takeChanges() throws(ViewError) -> [RowChanges] {
        if let failure { throw failure }
        snapshot = nil
        return tables.map { $0.takeChanges() }
    }

    /// Memory that the rows take, by estimate.
    var residentByteCount: Int { tables.reduce(0) { $0 + $1.residentByteCount() } }

    /// Drops rows from memory when all take more than a number of bytes: those that were not changed since their
    /// changes were taken. What is read from now on is read from the disk as it is now.
    ///
    /// - Precondition: what was taken is committed.
    func forget(past byteCount: Int) {
        snapshot = nil
        guard residentByteCount > byteCount else { return }
        for table in tables { table.forget() }
    }

    /// Whether no row of a table stands on disk.
    fileprivate func isEmpty(_ database: Database) -> Bool {
        guard let environment else { return true }
        do throws(LMDBError) {
            return try environment.read { transaction throws(LMDBError) in try transaction.rowCount(of: database) } == 0
        } catch {
            fail(error.description)
            return false
        }
    }

    fileprivate func value(of key: [UInt8], in database: Database) -> [UInt8]? {
        guard let environment else { return nil }
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
@usableFromInline
final class TableStorage {
    @usableFromInline let name: String
    var database: Database = .none
    private unowned let tables: TableSet

    init(_ name: String, _ tables: TableSet) {
        self.name = name
        self.tables = tables
    }

    @usableFromInline
    func value(of key: [UInt8]) -> [UInt8]? { tables.value(of: key, in: database) }
    @usableFromInline
    var isEmpty: Bool { tables.isEmpty(database) }
    @usableFromInline
    func fail(_ why: String) { tables.fail(why) }
}
