internal import DurableFiles
public import EventModel

/// Why a log could not be opened.
public enum OpenError: ExplainedError, Hashable {
    case noLog
    case otherFormat(found: String)
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
/// `log/` is ground state. `index/` and `views/` are derived: delete them and they are built again.
public struct DataDirectory: Hashable, Sendable {
    /// What FORMAT says in this build.
    public static let format = "rapport 2"

    /// The directory itself.
    public let path: String
    var log: String { path + "/log" }
    var index: String { path + "/index" }
    /// Where read models live.
    public var views: String { path + "/views" }
    private var formatFile: String { path + "/FORMAT" }

    /// The layout under a path.
    public init(_ path: String) { self.path = path }

    /// Makes what is missing and takes the writer's lock.
    func prepareForWriting() throws(OpenError) -> FileLock {
        let lock = try Self.attempt { () throws(FileError) in
            try DurableFiles.makeDirectory(path)
            return try DurableFiles.lock(path + "/LOCK")
        }
        guard let lock else { throw .inUse }
        if try foundFormat() == nil {
            // A log without FORMAT was not written by any build: nothing is guessed about it.
            guard !DurableFiles.isDirectory(log) else { throw .otherFormat(found: "") }
            try Self.attempt { () throws(FileError) in
                try DurableFiles.replace(formatFile, with: Array((Self.format + "\n").utf8))
            }
        }
        try Self.attempt { () throws(FileError) in
            for directory in [log, index, views] { try DurableFiles.makeDirectory(directory) }
        }
        return lock
    }

    /// Checks that a log stands here, and that this build can read it.
    func checkForReading() throws(OpenError) {
        guard try foundFormat() != nil, DurableFiles.isDirectory(log) else { throw .noLog }
    }

    /// What FORMAT says; `nil` if there is none.
    private func foundFormat() throws(OpenError) -> String? {
        let bytes = try Self.attempt { () throws(FileError) in try DurableFiles.read(formatFile) }
        guard let bytes else { return nil }
        let found = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard found == Self.format else { throw .otherFormat(found: String(found.prefix(40))) }
        return found
    }

    private static func attempt<Result>(_ body: () throws(FileError) -> Result) throws(OpenError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
