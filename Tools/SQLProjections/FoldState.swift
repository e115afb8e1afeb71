public import EventModel
internal import SQLite

/// What a file of folded rows was folded from, besides the projection.
struct FoldIdentity: Hashable, Sendable {
    /// The log's identity.
    let log: String
    /// Events with a later time are left out.
    let asOf: Timestamp?
    /// Whether statements see personal fields.
    let isPersonal: Bool
    /// The version of the tz database by which days begin; `nil` for days of UTC.
    let tzData: String?
}

/// How far a fold has come. It is the row of the table `_fold`.
public struct FoldState: Hashable, Sendable {
    /// The position of the next event to fold.
    public internal(set) var next = Position.origin
    /// Events that were folded: those not left out for their time.
    public internal(set) var eventCount: Int64 = 0
    /// The greatest time among them.
    public internal(set) var latestTime: Timestamp?
}

extension FoldState {
    /// What stands in a file.
    enum Stored {
        /// No table at all.
        case nothing
        /// Tables of somebody else.
        case foreign
        case fold(StoredFold)
    }

    static func stored(on connection: Connection) throws(SQLiteError) -> Stored {
        let tables: Statement
        do throws(SQLiteError) {
            tables = try connection.prepare("SELECT count(*), total(name = '_fold') > 0 FROM sqlite_master")
            guard try tables.step(), tables[0] != .integer(0) else { return .nothing }
        } catch  where error.isNotADatabase {
            return .foreign
        }
        guard tables[1] == .integer(1) else { return .foreign }
        let row = try connection.prepare("SELECT projection, version, statements, log, as_of, personal FROM _fold")
        let hasZone = try connection.prepare("SELECT 1 FROM pragma_table_info('_fold') WHERE name = 'tz_data'").step()
        let zone = hasZone ? try connection.prepare("SELECT tz_data FROM _fold") : nil
        _ = try zone?.step()
        guard try row.step(), let name = row[0].text, let version = row[1].integer, let text = row[2].text,
            let log = row[3].text
        else { return .foreign }
        return .fold(
            StoredFold(
                name: name, version: version, text: text,
                identity: FoldIdentity(
                    log: log, asOf: row[4].integer.map { Timestamp(milliseconds: $0) },
                    isPersonal: row[5] == .integer(1), tzData: zone?[0].text)))
    }

    /// Makes `_fold` and its row.
    static func begin(
        _ projection: SQLProjection, _ identity: FoldIdentity, on connection: Connection
    ) throws(SQLiteError) {
        try connection.execute(
            """
            CREATE TABLE _fold (
                projection TEXT NOT NULL, version INTEGER NOT NULL, statements TEXT NOT NULL, log TEXT NOT NULL,
                as_of INTEGER, personal INTEGER NOT NULL, next_position INTEGER NOT NULL,
                event_count INTEGER NOT NULL, latest_time INTEGER)
            """)
        let row = try connection.prepare("INSERT INTO _fold VALUES (?, ?, ?, ?, ?, ?, 0, 0, NULL)")
        try row.bind(projection.name, at: 1)
        try row.bind(Int64(projection.version), at: 2)
        try row.bind(projection.text, at: 3)
        try row.bind(identity.log, at: 4)
        if let asOf = identity.asOf { try row.bind(asOf.milliseconds, at: 5) }
        try row.bind(identity.isPersonal ? 1 : 0, at: 6)
        try row.run()
        guard let release = identity.tzData else { return }
        try connection.execute("ALTER TABLE _fold ADD COLUMN tz_data TEXT")
        let zone = try connection.prepare("UPDATE _fold SET tz_data = ?")
        try zone.bind(release, at: 1)
        try zone.run()
    }

    /// The state of a file that has one.
    init(on connection: Connection) throws(SQLiteError) {
        let row = try connection.prepare("SELECT next_position, event_count, latest_time FROM _fold")
        guard try row.step() else { return }
        next = Position(UInt64(clamping: row[0].integer ?? 0))
        eventCount = row[1].integer ?? 0
        latestTime = row[2].integer.map { Timestamp(milliseconds: $0) }
    }

    /// Writes a state where the one before still stands.
    static let update =
        "UPDATE _fold SET next_position = ?1, event_count = ?2, latest_time = ?3 WHERE next_position = ?4"

    func bind(to update: Statement, after before: Position) throws(SQLiteError) {
        try update.bind(Int64(clamping: next.index), at: 1)
        try update.bind(eventCount, at: 2)
        if let latestTime { try update.bind(latestTime.milliseconds, at: 3) } else { try update.bindNull(at: 3) }
        try update.bind(Int64(clamping: before.index), at: 4)
    }
}

/// What a file says of the projection and the log that it was folded from.
struct StoredFold {
    let name: String
    let version: Int64
    let text: String
    let identity: FoldIdentity

    /// Refuses to go on in rows that are not of this projection, log and bounds.
    func check(_ projection: SQLProjection, _ wanted: FoldIdentity) throws(SQLProjectionError) {
        guard name == projection.name else { throw .otherProjection(found: name, wanted: projection.name) }
        guard version == Int64(projection.version) else {
            throw .otherVersion(found: version, wanted: projection.version)
        }
        guard text == projection.text else { throw .changedStatements }
        guard identity.log == wanted.log else { throw .otherLog }
        guard identity.asOf == wanted.asOf else {
            throw .otherBounds(
                "the rows were folded " + (identity.asOf.map { "as of \($0)" } ?? "without a bound on time"))
        }
        guard identity.isPersonal == wanted.isPersonal else {
            throw .otherBounds(
                "the rows were folded \(identity.isPersonal ? "with" : "without") opened personal fields")
        }
        guard identity.tzData == wanted.tzData else {
            throw .otherBounds("the rows were folded by version \(identity.tzData ?? "none") of the tz database")
        }
    }
}
