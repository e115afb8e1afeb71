/// What there is to know about one command: the source of `COMMAND`, of `COMMAND DOCS`, of every help text and of
/// the grammar that a `SYNTAX` error shows.
public struct CommandDoc: Hashable, Sendable {
    /// The command.
    public let name: CommandName
    /// What it does, in one sentence.
    public let summary: String
    /// Its arguments: capitals are words to type, `[ ]` may be left out, `…` may be repeated.
    public let syntax: String
    /// The release that brought it.
    public let since: String
    /// What it belongs to: `connection`, `log`, `view` or `admin`.
    public let group: String
    /// As in Redis: the number of arguments with the name; negative for at least so many.
    public let arity: Int
    /// Whether it can change the log.
    public let isWrite: Bool

    /// Name and arguments as somebody would type them.
    public var usage: String { syntax.isEmpty ? name.rawValue : "\(name.rawValue) \(syntax)" }

    /// Whether so many arguments, the name included, can be right.
    func allows(argumentCount: Int) -> Bool {
        arity >= 0 ? argumentCount == arity : argumentCount >= -arity
    }
}

extension CommandName {
    /// The row of this command.
    public var doc: CommandDoc {
        switch self {
        case .hello:
            row("choose the dialect and name the connection", "[2|3 [SETNAME name]]", "connection", -1)
        case .auth:
            row("authenticate; comes with the security release", "[user] password", "connection", -2)
        case .ping: row("answer PONG, or the message", "[message]", "connection", -1)
        case .quit: row("answer what was sent before, then close the connection", "", "connection", -1)
        case .command: row("list the commands", "[COUNT | LIST | DOCS [name …] | INFO [name …]]", "connection", -1)
        case .client:
            row(
                "name the connection, or tell about it",
                "SETNAME name | GETNAME | SETINFO LIB-NAME|LIB-VER text | ID | INFO | LIST | "
                    + "NO-EVICT ON|OFF | NO-TOUCH ON|OFF | TRACKING OFF",
                "connection", -2)
        case .select: row("choose a database; there is only number 0", "0", "connection", 2)
        case .info: row("tell about the server as text", "[section …]", "admin", -1)
        case .logAppend:
            row(
                "append events to one stream or several, all or none, unless a query matches past a position",
                "(STREAM name EXPECT any|none|exists|revision (EVENT type json [ID id] [SOURCE source] [TIME time] "
                    + "[META json] [ACTOR actor] [CORRELATION id] [CAUSATION id] [REASON code] [SCHEMA n])…)… "
                    + "[UNLESS [TYPES a,b] [TERMS x,y] [OR [TYPES …] [TERMS …]]… [AFTER position]]",
                "log", -8, isWrite: true)
        case .logIngest:
            row("append CloudEvents, each for itself", "cloudevent-json …", "log", -2, isWrite: true)
        case .logRead:
            row(
                "read the log, or one stream; BLOCK waits for the next event",
                "STREAM name|ALL " + Self.pageOptions, "log", -2)
        case .logQuery:
            row(
                "read the events that have any of the types and all of the terms",
                "[TYPES a,b] [TERMS x,y] [OR [TYPES …] [TERMS …]]… " + Self.pageOptions, "log", -3)
        case .logStream: row("tell a stream's revision, first and last position", "name", "log", 2)
        case .logTypes: row("tell what types of events there are and what they hold", "[PREFIX p | TYPE t]", "log", -1)
        case .viewGet:
            row("answer one row of a view", "view key [AT position] [ASOF time] [WITH json]", "view", -3)
        case .viewWhy:
            row(
                "list the events behind a value of a row", "view key field [AT position] [ASOF time] [WITH json]",
                "view", -4)
        case .viewScan: row("answer rows of a view", "view [AT position] [ASOF time] [WITH json]", "view", -2)
        case .viewReport: row("answer a view's report", "view [AT position] [ASOF time] [WITH json]", "view", -2)
        case .viewWait: row("wait until a view has applied a position", "view position timeout-ms", "view", 4)
        case .viewList: row("list the views; ADMIN.STATUS tells how far they are", "", "view", 1)
        case .adminStatus: row("tell the state of log, disk, index and views", "", "admin", 1)
        case .adminBackup:
            row(
                "copy the log to a directory on the server's machine while it runs, or bring a copy up to date", "path",
                "admin", 2)
        case .adminSeal:
            row("pack the newest events into blocks now, and tell the state of the log", "", "admin", 1)
        }
    }

    private static let pageOptions =
        "[FROM n] [COUNT n] [BACKWARD] [BLOCK ms] [RECORDED from|- until|+] [TIME from|- until|+]"

    private func row(
        _ summary: String, _ syntax: String, _ group: String, _ arity: Int, isWrite: Bool = false
    ) -> CommandDoc {
        CommandDoc(
            name: self, summary: summary, syntax: syntax, since: "0.1", group: group, arity: arity, isWrite: isWrite)
    }
}

extension CommandDoc {
    /// All rows, in the order of ``CommandName``.
    public static let all = CommandName.allCases.map(\.doc)
}
