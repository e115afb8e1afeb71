public import EventModel

/// Why a view was not exported.
public enum ViewExportError: ExplainedError, Hashable {
    /// The pages are not of one moment.
    case viewHasMoved
    case tooManyColumns(count: Int, max: Int)
    /// What stands at the place is no file.
    case noPlace(String)
    /// A program has the file open, or was cut off: SQLite would take what it left for a part of the new file.
    case inUse(String)
    case storage(String)

    public var code: ErrorCode {
        switch self {
        case .viewHasMoved: .busy
        case .noPlace: .syntax
        case .inUse: .unavailable
        case .tooManyColumns: .limit
        case .storage: .logFailed
        }
    }

    public var description: String {
        switch self {
        case .viewHasMoved:
            "the view has moved on between two pages. No file was written, because its rows would be of two moments. "
                + "Give --at with a position, and run the command again."
        case .tooManyColumns(let count, let max):
            "the rows have \(count) columns, and an SQLite table holds \(max). No file was written. Export as NDJSON, "
                + "or as CSV."
        case .noPlace(let path):
            "'\(path)' is a directory, a link or a device, or no name at all. Nothing was written. Choose another "
                + "place with --out."
        case .inUse(let file):
            "'\(file)' stands beside the file: a program has it open, or was cut off. Nothing was written. Close the "
                + "program; if there is none, open the file with sqlite3 once, which takes over what it left."
        case .storage(let words):
            "the file could not be written: \(words). Nothing was put in its place. Check the place and its disk, then "
                + "run the command again."
        }
    }
}
