internal import CLMDB

/// What LMDB answered when a call failed.
///
/// `MDB_NOTFOUND` is never an error here: look-ups return `nil` and cursors return `false`.
public enum LMDBError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The map has reached its byte limit (`MDB_MAP_FULL`).
    case mapFull
    /// The disk has no room left (`ENOSPC`).
    case diskFull
    /// Every reader slot is taken (`MDB_READERS_FULL`).
    case readersFull
    /// The key stands already, or does not lie past the last one on an append (`MDB_KEYEXIST`).
    case keyExists
    /// A page is not what it should be (`MDB_CORRUPTED`, `MDB_PAGE_NOTFOUND`, `MDB_INVALID`), or pages lead to each
    /// other (`MDB_CURSOR_FULL`).
    case corrupted(String)
    /// The environment at this path is open in this process already.
    case alreadyOpen
    /// Anything else, with LMDB's own words.
    case other(code: Int32, String)

    /// A row says that it is longer than its pages are.
    static let longRow = LMDBError.corrupted("a row is longer than its pages")

    init(code: Int32) {
        let words = unsafe String(cString: mdb_strerror(code))
        switch code {
        case MDB_MAP_FULL: self = .mapFull
        case 28: self = .diskFull  // ENOSPC
        case MDB_READERS_FULL: self = .readersFull
        case MDB_KEYEXIST: self = .keyExists
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_CURSOR_FULL, MDB_PANIC: self = .corrupted(words)
        default: self = .other(code: code, words)
        }
    }

    public var description: String {
        switch self {
        case .mapFull: "the map has reached its byte limit"
        case .diskFull: "the disk has no room left"
        case .readersFull: "every reader slot is taken"
        case .keyExists: "the key stands already"
        case .corrupted(let words): "a page is damaged: \(words)"
        case .alreadyOpen: "the environment is open in this process already"
        case .other(let code, let words): "\(words) (\(code))"
        }
    }
}

/// Throws unless LMDB's return code says success.
func check(_ code: Int32) throws(LMDBError) {
    if code != 0 { throw LMDBError(code: code) }
}
