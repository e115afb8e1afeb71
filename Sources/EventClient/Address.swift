public import EventModel

/// Where a server listens.
public enum Address: Hashable, Sendable, CustomStringConvertible {
    /// A socket in the file system, for clients on the same machine.
    case unixSocket(String)
    /// A host name or IP address, and a port.
    case tcp(host: String, port: Int)

    /// Reads `unix:/path`, a path with a slash in it, `host:port`, or `[IPv6]:port`.
    public init(_ text: String) throws(ConnectError) {
        if text.hasPrefix("unix:"), text.utf8.count > 5 {
            self = .unixSocket(String(text.dropFirst(5)))
            return
        }
        if text.contains("/") {
            self = .unixSocket(text)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw .badAddress
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .badAddress
        }
        guard !host.isEmpty else { throw .badAddress }
        self = .tcp(host: String(host), port: Int(port))
    }

    public var description: String {
        switch self {
        case .unixSocket(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}

/// Why there is no connection to a server.
public enum ConnectError: ExplainedError, Hashable {
    /// A text that is no address.
    case badAddress
    /// Nobody answers there; the operating system says why.
    case unreachable(Address, why: String)
    /// Somebody answers and does not want to talk, or does not speak our dialect.
    case refused(ErrorCode, String)

    public var code: ErrorCode {
        switch self {
        case .badAddress: .syntax
        case .unreachable: .unavailable
        case .refused(let code, _): code
        }
    }

    public var isRetryable: Bool {
        switch self {
        case .badAddress: false
        case .unreachable: true
        case .refused(let code, _): code == .busy
        }
    }

    public var description: String {
        switch self {
        case .badAddress:
            "this is no address of a server. Nothing was sent. "
                + "Write unix:/path/to/socket, /path/to/socket or host:port."
        case .unreachable(let address, let why):
            "no server answers at \(address): \(why). Nothing was sent. Start rapportd there, or name another address."
        case .refused(_, let sentences): sentences
        }
    }
}
