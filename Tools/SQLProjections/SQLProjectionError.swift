public import EventModel
internal import SQLite

/// Why a projection written in SQL was not folded, or not any further.
public enum SQLProjectionError: ExplainedError, Hashable {
    /// The file is not of the form.
    case form(line: Int, String)
    case unknownType(line: Int, name: String, near: [String])
    /// SQLite does not understand a statement.
    case sql(line: Int, String)
    /// A statement does what a projection may not: reach out of the file, or give other rows the next time.
    case refused(line: Int, String)
    /// A statement failed, or asked for the clock, when an event came.
    case failed(line: Int, type: String, at: Position, String, rows: Position)
    /// A statement was broken off because somebody asked to stop.
    case stopped
    /// Nothing can be opened or made at the place of the rows.
    case unreachable(String, String)
    /// The file at the place of the rows is something else.
    case notAFold(String)
    case otherProjection(found: String, wanted: String)
    case otherVersion(found: Int64, wanted: UInt32)
    /// The version is the same, the statements are not.
    case changedStatements
    case otherLog
    case aheadOfLog(folded: Position, end: Position)
    /// The rows know more than was asked for, or other things.
    case otherBounds(String)
    /// The rows were asked for as of a position that the log does not have.
    case pastEnd(Position, end: Position)
    /// A program has the rows open, or was cut off: SQLite would take what it left for a part of the new ones.
    case inUse(String)
    /// Another process has changed the file meanwhile.
    case beingFolded
    case storage(String)
    /// The log could not be read or decoded; the sentences are its own.
    case log(String)

    public var code: ErrorCode {
        switch self {
        case .form, .unknownType, .sql, .refused, .failed, .unreachable, .notAFold, .otherProjection, .otherVersion,
            .changedStatements, .otherLog, .otherBounds, .pastEnd:
            .syntax
        case .beingFolded, .stopped, .inUse: .unavailable
        case .aheadOfLog, .storage, .log: .corrupt
        }
    }

    public var description: String {
        switch self {
        case .form(let line, let what):
            "line \(line): \(what). Nothing was folded. A projection begins with '-- projection: NAME' and "
                + "'-- version: 1', then come '-- tables' and '-- on TYPE' with their statements."
        case .unknownType(let line, let name, let near):
            "line \(line): there is no type of event '\(name)'. Nothing was folded. "
                + (near.isEmpty
                    ? "'rapport catalog list' lists them all."
                    : "Of its group there are: \(near.joined(separator: ", ")).")
        case .sql(let line, let words):
            "line \(line): SQLite answered: \(words). Nothing was folded. Correct the statement."
        case .refused(let line, let what):
            "line \(line): \(what). Nothing was folded, because the same events must give the same rows on every "
                + "machine, and a projection touches nothing but its own tables. Take what you need from the event: "
                + "\(EventParameter.names)."
        case .failed(let line, let type, let position, let words, let rows):
            "line \(line) failed for the \(type) at position \(position): \(words). "
                + (rows == .origin ? "No event is in the rows. " : "The rows stand as of position \(rows.index - 1). ")
                + "Correct the statement, raise the version, and fold with --rebuild."
        case .stopped:
            "a statement was broken off. The rows stand as of the last commit. Run the command again to go on."
        case .unreachable(let path, let words):
            "no file can be opened at '\(path)': \(words). Nothing was folded. Choose another place with --out."
        case .notAFold(let path):
            "'\(path)' is not a file of folded rows. It was left alone. Choose another place with --out."
        case .otherProjection(let found, let wanted):
            "the file holds the rows of projection '\(found)', not of '\(wanted)'. It was left alone. Choose another "
                + "place with --out, or fold over it with --rebuild."
        case .otherVersion(let found, let wanted):
            "the rows were folded by version \(found) of the projection, and this is version \(wanted). They were left "
                + "alone. Fold anew with --rebuild: the old rows stay until the new ones stand."
        case .changedStatements:
            "the projection is not the one that folded these rows, although its version is the same. They were left "
                + "alone. Raise the version and fold with --rebuild."
        case .otherLog:
            "the rows were folded from another log. They were left alone. Choose another place with --out, or fold "
                + "over them with --rebuild."
        case .aheadOfLog(let folded, let end):
            "the rows know \(folded) events and the log has \(end). They were left alone, because events are missing "
                + "from the log or an older copy of it was put in its place. Find the newer log before you fold with "
                + "--rebuild."
        case .otherBounds(let what):
            "\(what). The rows were left alone. Choose another place with --out, or fold over them with --rebuild."
        case .pastEnd(let position, let end):
            "the log has no position \(position): it ends before \(end). Nothing was folded. "
                + "Give an earlier position, or none for all that there is."
        case .inUse(let file):
            "'\(file)' stands beside the rows: a program has them open, or was cut off. The old rows are still in "
                + "their place. Close the program, or open the file with sqlite3 once, then run the command again."
        case .beingFolded:
            "another process is folding into the file. Nothing was folded here. Wait for it, or choose another place "
                + "with --out."
        case .storage(let words):
            "the file of rows answered: \(words). The rows stand as of the last commit. Check the place and its disk, "
                + "then run the command again: it goes on where it was."
        case .log(let sentences): sentences
        }
    }
}

extension SQLProjectionError {
    init(_ error: SQLiteError) {
        self = error.isBusy ? .beingFolded : error.isInterrupted ? .stopped : .storage(error.description)
    }
}

extension SQLiteError {
    /// Whether the file or the disk is to blame, and not the statement.
    var isOfStorage: Bool {
        // SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
        [5, 6, 7, 8, 10, 11, 13, 14, 26].contains(code)
    }
}

/// Does what may fail with an answer of SQLite.
func storing<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLProjectionError) -> Result {
    do throws(SQLiteError) { return try body() } catch { throw SQLProjectionError(error) }
}
