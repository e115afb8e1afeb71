public import EventModel

/// Why a view was not exported.
public enum ViewExportError: ExplainedError, Hashable {
    /// The pages are not of one moment.
    case viewHasMoved
    case tooManyColumns(count: Int, max: Int)
    case storage(String)

    public var code: ErrorCode {
        switch self {
        case .viewHasMoved: .busy
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
        case .storage(let words):
            "the file could not be written: \(words). What stood under its name still does. Check the place and its "
                + "disk, then run the command again."
        }
    }
}
