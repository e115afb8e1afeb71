/// Every command that the server knows. The table of ``CommandDoc`` has one row for each.
public enum CommandName: String, CaseIterable, Hashable, Sendable {
    case hello = "HELLO"
    case auth = "AUTH"
    case ping = "PING"
    case quit = "QUIT"
    case command = "COMMAND"
    case client = "CLIENT"
    case select = "SELECT"
    case info = "INFO"
    case logAppend = "LOG.APPEND"
    case logIngest = "LOG.INGEST"
    case logRead = "LOG.READ"
    case logQuery = "LOG.QUERY"
    case logStream = "LOG.STREAM"
    case viewGet = "VIEW.GET"
    case viewScan = "VIEW.SCAN"
    case viewReport = "VIEW.REPORT"
    case viewWait = "VIEW.WAIT"
    case viewList = "VIEW.LIST"
    case adminStatus = "ADMIN.STATUS"

    /// The command that a client named, in capitals or not; `nil` for any other bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.byteCountMax,
            let name = String(validating: bytes.map(Words.capital), as: UTF8.self),
            let command = CommandName(rawValue: name)
        else { return nil }
        self = command
    }

    private static let byteCountMax = 16
}
