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
    case logTypes = "LOG.TYPES"
    case viewGet = "VIEW.GET"
    case viewWhy = "VIEW.WHY"
    case viewScan = "VIEW.SCAN"
    case viewReport = "VIEW.REPORT"
    case viewWait = "VIEW.WAIT"
    case viewList = "VIEW.LIST"
    case adminStatus = "ADMIN.STATUS"
    case adminBackup = "ADMIN.BACKUP"
    case adminSeal = "ADMIN.SEAL"

    /// The command that a client named, in capitals or not; `nil` for any other bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Folded.byteCountMax,
            let command = Self.table.first(where: { [folded = Folded(bytes)] in $0.name == folded })?.command
        else { return nil }
        self = command
    }

    private static let table = allCases.map { (name: Folded(Array($0.rawValue.utf8)), command: $0) }

    /// A name of at most sixteen bytes in capitals, as two numbers: one look-up compares a few of them.
    private struct Folded: Equatable {
        static let byteCountMax = 16
        private var words: (high: UInt64, low: UInt64) = (0, 0)

        init(_ bytes: [UInt8]) {
            for byte in bytes {
                words.high = words.high << 8 | words.low >> 56
                words.low = words.low << 8 | UInt64(Words.capital(byte))
            }
        }

        static func == (left: Folded, right: Folded) -> Bool { left.words == right.words }
    }
}
