/// A command that follows the grammar, by family. JSON arguments are still bytes: what they mean is not known here.
public enum Request: Hashable, Sendable {
    /// About the connection itself; ``SessionState`` answers it without help.
    case connection(ConnectionRequest)
    /// About the log.
    case log(LogRequest)
    /// About read models.
    case view(ViewRequest)
    /// About the server.
    case admin(AdminRequest)

    /// Whether it appends: appends of one connection may run side by side, all else runs alone.
    public var isAppend: Bool {
        switch self {
        case .log(.append), .log(.ingest): true
        case .log, .connection, .view, .admin: false
        }
    }

    /// Reads a command by the grammar of ``CommandDoc``.
    ///
    /// - Throws: ``RequestError``, whose sentences show the right grammar. The connection can go on.
    public static func parse(_ command: Command) throws(RequestError) -> Request {
        guard let first = command.arguments.first, let name = CommandName(first) else { throw .unknownCommand }
        if name == .auth { throw .authentication }
        var arguments = try ArgumentReader(name, command.arguments)
        let request = try parse(name, &arguments)
        guard arguments.isAtEnd else { throw arguments.fail("there are more arguments than the command takes") }
        return request
    }

    private static func parse(
        _ name: CommandName, _ arguments: inout ArgumentReader
    ) throws(RequestError) -> Request {
        switch name {
        case .auth: throw .authentication
        case .hello: .connection(.hello(try .init(from: &arguments)))
        case .ping: .connection(.ping(message: arguments.isAtEnd ? nil : try arguments.bytes("message")))
        case .quit: .connection(.quit)
        case .command: .connection(.catalog(try .init(from: &arguments)))
        case .client: .connection(.client(try .init(from: &arguments)))
        case .select: .connection(try ConnectionRequest.select(from: &arguments))
        case .info: .admin(try AdminRequest.info(from: &arguments))
        case .adminStatus: .admin(.status)
        case .adminBackup: .admin(.backup(path: try arguments.path("path")))
        case .adminSeal: .admin(.seal)
        case .logAppend: .log(.append(try AppendDraft(from: &arguments)))
        case .logIngest: .log(.ingest(try LogRequest.lines(from: &arguments)))
        case .logRead: .log(.read(try .init(readFrom: &arguments)))
        case .logQuery: .log(.read(try .init(queryFrom: &arguments)))
        case .logStream: .log(.stream(try arguments.streamName()))
        case .logTypes: .log(.types(try .init(from: &arguments)))
        case .viewGet:
            .view(
                .get(
                    view: try arguments.text("view's name"), key: try arguments.text("key"),
                    try .init(from: &arguments)))
        case .viewWhy:
            .view(
                .why(
                    view: try arguments.text("view's name"), key: try arguments.text("key"),
                    field: try arguments.text("field"), try .init(from: &arguments)))
        case .viewScan: .view(.scan(view: try arguments.text("view's name"), try .init(from: &arguments)))
        case .viewReport: .view(.report(view: try arguments.text("view's name"), try .init(from: &arguments)))
        case .viewWait: .view(try ViewRequest.wait(from: &arguments))
        case .viewList: .view(.list)
        }
    }
}
