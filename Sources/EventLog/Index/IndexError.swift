internal import EventModel

/// Why the index did not answer. The log itself is never concerned: the index is derived from it.
enum IndexError: Error, Hashable, CustomStringConvertible {
    /// Bytes that are not what was written. They are never believed; the next opening builds them anew.
    case damaged(String)
    /// There is no index that this build could read, and nothing may be written.
    case missing(String)
    /// More steps than a condition may take: ``Limits/conditionStepCountMax``.
    case tooManySteps
    /// The operating system's answer.
    case storage(String)

    var description: String {
        switch self {
        case .damaged(let what): "the index is damaged: \(what)"
        case .missing(let what): "there is no index to read: \(what)"
        case .tooManySteps:
            "the condition of UNLESS takes more than \(Limits.conditionStepCountMax) steps through the index. "
                + "Nothing was written. Run it as a query, and append with AFTER and the newest position found."
        case .storage(let what): "the index's storage answered: \(what)"
        }
    }
}
