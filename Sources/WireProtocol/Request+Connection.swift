/// What a client says about its connection, most of it unasked when it connects.
public enum ConnectionRequest: Hashable, Sendable {
    case hello(Hello)
    case ping(message: [UInt8]?)
    case quit
    case catalog(CommandCatalogRequest)
    case client(ClientRequest)
    /// `SELECT 0`: there is one database.
    case select

    /// `HELLO [2|3 [SETNAME name]]`.
    public struct Hello: Hashable, Sendable {
        /// The dialect to speak from now on; `nil` keeps it.
        public let version: RESPVersion?
        /// The connection's name; `nil` keeps it.
        public let clientName: String?
    }

    /// The subcommands of `CLIENT` that redis-cli, redis-py, node-redis, go-redis and lettuce send.
    public enum ClientRequest: Hashable, Sendable {
        case setName(String)
        case getName
        case setLibrary(Library, String)
        case id
        case info
        case list
        /// Something that we have no need for, such as `NO-EVICT ON`: answered with OK.
        case accepted

        /// Which of the two facts about the client's library.
        public enum Library: Hashable, Sendable { case name, version }
    }
}

extension ConnectionRequest {
    static func select(from arguments: inout ArgumentReader) throws(RequestError) -> ConnectionRequest {
        _ = try arguments.number("database", in: 0...0)
        return .select
    }
}

extension ConnectionRequest.Hello {
    init(from arguments: inout ArgumentReader) throws(RequestError) {
        var version: RESPVersion?
        var clientName: String?
        if !arguments.isAtEnd {
            if arguments.take("2") { version = .v2 } else if arguments.take("3") { version = .v3 }
            guard version != nil else { throw .unsupportedVersion }
        }
        while !arguments.isAtEnd {
            if arguments.take("AUTH") { throw .authentication }
            guard clientName == nil, arguments.take("SETNAME") else {
                throw arguments.fail("a word after the version is not SETNAME")
            }
            clientName = try arguments.text("connection's name")
        }
        self.init(version: version, clientName: clientName)
    }
}

extension ConnectionRequest.ClientRequest {
    init(from arguments: inout ArgumentReader) throws(RequestError) {
        if arguments.take("SETNAME") {
            self = .setName(try arguments.text("connection's name"))
        } else if arguments.take("GETNAME") {
            self = .getName
        } else if arguments.take("SETINFO") {
            if arguments.take("LIB-NAME") {
                self = .setLibrary(.name, try arguments.text("library's name"))
            } else if arguments.take("LIB-VER") {
                self = .setLibrary(.version, try arguments.text("library's version"))
            } else {
                throw arguments.fail("the word after SETINFO is neither LIB-NAME nor LIB-VER")
            }
        } else if arguments.take("ID") {
            self = .id
        } else if arguments.take("INFO") {
            self = .info
        } else if arguments.take("LIST") {
            self = .list
        } else if arguments.take("NO-EVICT") || arguments.take("NO-TOUCH") {
            guard arguments.take("ON") || arguments.take("OFF") else {
                throw arguments.fail("the last word is neither ON nor OFF")
            }
            self = .accepted
        } else if arguments.take("TRACKING") {
            guard arguments.take("OFF") else { throw arguments.fail("there is no tracking but OFF") }
            self = .accepted
        } else {
            throw arguments.fail("the subcommand is not known")
        }
    }
}

extension CommandCatalogRequest {
    init(from arguments: inout ArgumentReader) throws(RequestError) {
        if arguments.isAtEnd {
            self = .all
        } else if arguments.take("COUNT") {
            self = .count
        } else if arguments.take("LIST") {
            self = .list
        } else if arguments.take("DOCS") {
            let names = try Self.names(from: &arguments)
            self = .docs(names.isEmpty ? nil : names.compactMap(\.self))
        } else if arguments.take("INFO") {
            let names = try Self.names(from: &arguments)
            self = .info(names.isEmpty ? nil : names)
        } else {
            throw arguments.fail("the subcommand is not known")
        }
    }

    private static func names(from arguments: inout ArgumentReader) throws(RequestError) -> [CommandName?] {
        guard arguments.count <= CommandName.allCases.count else {
            throw .pastLimit(what: "names", count: arguments.count, limit: CommandName.allCases.count)
        }
        var names: [CommandName?] = []
        while !arguments.isAtEnd { names.append(CommandName(try arguments.bytes("name"))) }
        return names
    }
}
