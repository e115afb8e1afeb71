/// Why the index did not answer. The log itself is never concerned: the index is derived from it.
enum IndexError: Error, Hashable, CustomStringConvertible {
    /// Bytes that are not what was written. They are never believed; the next opening builds them anew.
    case damaged(String)
    /// There is no index that this build could read, and nothing may be written.
    case missing(String)
    /// The operating system's answer.
    case storage(String)

    var description: String {
        switch self {
        case .damaged(let what): "the index is damaged: \(what)"
        case .missing(let what): "there is no index to read: \(what)"
        case .storage(let what): "the index's storage answered: \(what)"
        }
    }
}
