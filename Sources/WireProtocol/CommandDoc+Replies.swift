/// What a client asks of the table of commands.
public enum CommandCatalogRequest: Hashable, Sendable {
    /// `COMMAND`: every row in Redis' short form.
    case all
    /// `COMMAND COUNT`.
    case count
    /// `COMMAND LIST`.
    case list
    /// `COMMAND INFO [name …]`: the short form, null for a name that is not known; `nil` for every row.
    case info([CommandName?]?)
    /// `COMMAND DOCS [name …]`: the long form, without names that are not known; `nil` for every row.
    case docs([CommandName]?)

    /// The answer, as redis.io describes it for `COMMAND`, `COMMAND INFO` and `COMMAND DOCS`.
    public var reply: RESPValue {
        switch self {
        case .all: .array(CommandDoc.all.map(\.shortForm))
        case .count: .integer(Int64(CommandDoc.all.count))
        case .list: .array(CommandDoc.all.map { .text($0.wireName) })
        case .info(let names):
            .array((names ?? CommandName.allCases).map { $0?.doc.shortForm ?? .null })
        case .docs(let names):
            .map(
                (names ?? CommandName.allCases).map {
                    RESPValue.Entry(key: .text($0.doc.wireName), value: $0.doc.longForm)
                })
        }
    }
}

extension CommandDoc {
    /// Redis lists commands in small letters, and clients look them up so.
    fileprivate var wireName: String { name.rawValue.lowercased() }

    /// Name, arity, flags, first key, last key, step, categories, tips, key specifications, subcommands. Our commands
    /// have no keys in the sense of Redis Cluster.
    fileprivate var shortForm: RESPValue {
        .array([
            .text(wireName), .integer(Int64(arity)), .array([.simple(isWrite ? "write" : "readonly")]),
            .integer(0), .integer(0), .integer(0), .array([.simple("@\(group)")]), .array([]), .array([]), .array([]),
        ])
    }

    /// Summary, release, group, and one argument that shows the whole syntax: `redis-cli` prints it as a hint.
    fileprivate var longForm: RESPValue {
        var arguments: [RESPValue] = []
        if !syntax.isEmpty {
            arguments = [
                .fields(["name": .text(syntax), "type": .text("string"), "display_text": .text(syntax)])
            ]
        }
        return .fields([
            "summary": .text(summary), "since": .text(since), "group": .text(group), "arguments": .array(arguments),
        ])
    }
}
