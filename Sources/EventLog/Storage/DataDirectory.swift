internal import DurableFiles
public import EventModel

/// Why a log could not be opened.
public enum OpenError: ExplainedError, Hashable {
    case noLog
    case otherFormat(found: String)
    case otherBlocks
    case inUse
    case storage(String)
    case damagedEnd(Position, String)
    case damagedRecord(Position, String)

    public var code: ErrorCode { .unavailable }

    public var description: String {
        switch self {
        case .noLog:
            "the directory holds no Rapport log. Nothing was opened or created. "
                + "Give the directory that rapportd was started with, for example --data rapport-data."
        case .otherFormat(let found):
            "the directory has format '\(found)', and this build knows '\(DataDirectory.format)'. Nothing was opened. "
                + "Use the build that wrote it, or one that says it can read it."
        case .otherBlocks:
            "'log/data.mdb' holds the blocks of another log. Nothing was opened. "
                + "Put this log's file back, or restore the log from a backup."
        case .inUse:
            "another process writes this log. Nothing was opened. Stop that process, or open the log for reading only."
        case .storage(let why):
            "the storage answered: \(why). Nothing was opened. Check the disk, the path and its permissions."
        case .damagedRecord(let position, let why):
            "the record at position \(position) is damaged: \(why). The log was not opened, because its index "
                + "cannot be built "
                + "past it. Run 'rapport-replay audit' and restore the log from a backup."
        case .damagedEnd(let position, let why):
            "the record at position \(position) is damaged: \(why). The log was not opened, because its end "
                + "cannot be trusted. "
                + "Run 'rapport-replay audit' and restore the log from a backup."
        }
    }
}

/// The layout of a data directory, and its FORMAT file.
///
/// `log/` is ground state, and `personal/` beside it: the sealed personal fields, which can be deleted. `index/` and
/// `views/` are derived: delete them and they are built again. The first line of
/// FORMAT names the layout, the second is `log` and the log's identity: 32 hexadecimal digits, drawn at its creation.
public struct DataDirectory: Hashable, Sendable {
    /// What FORMAT says in this build.
    public static let format = "rapport 4"

    /// The directory itself.
    public let path: String
    var log: String { path + "/log" }
    var index: String { path + "/index" }
    var personal: String { path + "/personal" }
    /// Where read models live.
    public var views: String { path + "/views" }
    private var formatFile: String { path + "/FORMAT" }

    /// The layout under a path.
    public init(_ path: String) { self.path = path }

    /// Makes what is missing, takes the writer's lock, and tells which log stands here.
    ///
    /// - Parameter identity: the identity that a new log gets; by default one that no other log has.
    func prepareForWriting(identity: String = Self.freshIdentity()) throws(OpenError) -> (FileLock, identity: String) {
        let lock = try Self.attempt { () throws(FileError) in
            try DurableFiles.makeDirectory(path)
            return try DurableFiles.lock(path + "/LOCK")
        }
        guard let lock else { throw .inUse }
        let found = try foundIdentity()
        if found == nil {
            // A log without FORMAT was not written by any build: nothing is guessed about it.
            guard !DurableFiles.isDirectory(log) else { throw .otherFormat(found: "") }
            try Self.attempt { () throws(FileError) in
                try DurableFiles.replace(formatFile, with: Array("\(Self.format)\nlog \(identity)\n".utf8))
            }
        }
        try Self.attempt { () throws(FileError) in
            for directory in [log, personal, index, views] { try DurableFiles.makeDirectory(directory) }
        }
        return (lock, found ?? identity)
    }

    /// Checks that a log stands here and that this build can read it, and tells which one it is.
    func checkForReading() throws(OpenError) -> String {
        guard let identity = try foundIdentity(), DurableFiles.isDirectory(log) else { throw .noLog }
        return identity
    }

    /// The identity that FORMAT tells; `nil` if there is no FORMAT.
    private func foundIdentity() throws(OpenError) -> String? {
        let bytes = try Self.attempt { () throws(FileError) in try DurableFiles.read(formatFile) }
        guard let bytes else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines[0] == Self.format else { throw .otherFormat(found: String(lines[0].prefix(40))) }
        guard lines.count == 3, lines[1].hasPrefix("log "), lines[2].isEmpty, lines[1].utf8.count == 36,
            lines[1].dropFirst(4).allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else { throw .otherFormat(found: "\(Self.format), without the log's identity") }
        return String(lines[1].dropFirst(4))
    }

    /// 32 random hexadecimal digits.
    private static func freshIdentity() -> String {
        (0..<32).map { _ in String(UInt8.random(in: 0..<16), radix: 16) }.joined()
    }

    private static func attempt<Result>(_ body: () throws(FileError) -> Result) throws(OpenError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
