public import EventModel

/// What a backup came to.
public struct BackupReport: Hashable, Sendable {
    /// The position after the newest event in the copy.
    public let end: Position
    /// Events that were copied this time; the rest stood there already.
    public let copiedEventCount: UInt64
    /// Bytes of the copy's database and journal.
    public let byteCount: Int
}

/// Why a backup was not made.
public enum BackupError: ExplainedError, Hashable {
    case otherLog
    case otherFiles
    case ownDirectory
    case storage(String)
    case refused(OpenError)
    case damaged(Position, String)
    /// A dictionary that blocks need cannot be read any more.
    case damagedDictionary(String)

    public var code: ErrorCode {
        switch self {
        case .damaged, .damagedDictionary: .corrupt
        case .otherFiles, .ownDirectory: .syntax
        case .otherLog, .storage, .refused: .unavailable
        }
    }

    public var description: String {
        switch self {
        case .otherLog:
            "the directory holds another log, or one that went on by itself after an earlier backup. "
                + "Nothing was changed in it. Choose an empty directory."
        case .otherFiles:
            "the directory holds other files, and neither a log nor a backup. Nothing was written there. "
                + "Choose an empty or missing directory, or an earlier backup of this log."
        case .ownDirectory:
            "the directory is the log's own data directory, or lies in it. Nothing was written there: a copy would be "
                + "lost with the log. Choose a directory elsewhere, best on another disk."
        case .storage(let why):
            "the storage answered: \(why). The backup is not complete, the log itself is not concerned. "
                + "Make room or mend the directory, and run the backup again: it goes on where it stopped."
        case .refused(.inUse):
            "another process writes the log in that directory, or copies into it. Nothing was changed there. "
                + "Stop it, or choose another directory."
        case .refused(let error): error.description
        case .damaged(let position, let why):
            "the block that holds position \(position) is damaged: \(why). It was not copied, and the backup ends "
                + "before it. Run 'rapport-replay audit', and restore the log from an earlier backup."
        case .damagedDictionary(let why):
            "a dictionary that blocks need cannot be read: \(why). No block was copied. "
                + "Run 'rapport-replay audit', and restore the log from an earlier backup."
        }
    }
}

extension BackupError {
    /// Why the copy was not opened: what its disk says is no matter of the log.
    init(_ error: OpenError) {
        if case .storage(let why) = error { self = .storage(why) } else { self = .refused(error) }
    }
}
