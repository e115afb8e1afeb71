public import EventModel

/// Why a view did not answer.
public enum ViewError: ExplainedError, Hashable {
    case badParameter(name: String, found: String, allowed: String)
    case unknownParameter(name: String, allowed: [String])
    case unknownView(allowed: [String])
    case notReady(String)
    /// A state was asked for at a position that the log does not have.
    case pastEnd(Position, end: Position)
    /// Another process folds or removes snapshots of the view.
    case snapshotsInUse(String)
    case storage(String)
    /// The rows were folded from another log than the one that stands beside them.
    case otherLog
    /// The log could not be read or decoded; the sentences are its own.
    case log(String)
    case corruptRow(String)
    /// The rows contradict the projection's own arithmetic: a mistake of its code.
    case unbalanced([String])
    /// There is no generation to switch to.
    case noGeneration(String)
    /// A generation was open for writing when the machine stopped, so nobody knows what of it came to disk.
    case unsettled(String, number: Int)

    public var code: ErrorCode {
        switch self {
        case .badParameter, .unknownParameter, .pastEnd: .syntax
        case .unknownView, .noGeneration: .notFound
        case .notReady, .snapshotsInUse: .unavailable
        case .storage, .otherLog, .log, .corruptRow, .unbalanced, .unsettled: .corrupt
        }
    }

    public var description: String {
        switch self {
        case .badParameter(let name, let found, let allowed):
            "parameter '\(name)' is \(found). The view was not asked. Give \(allowed)."
        case .unknownParameter(let name, let allowed):
            "this question has no parameter '\(name)'. The view was not asked. "
                + (allowed.isEmpty ? "Leave it out." : "It takes: \(allowed.joined(separator: ", ")).")
        case .unknownView(let allowed):
            "there is no such view. Nothing was read. The views are: \(allowed.joined(separator: ", "))."
        case .notReady(let why):
            "the view is not ready: \(why). Nothing was read. Wait until ADMIN.STATUS shows it live, then ask again."
        case .pastEnd(let position, let end):
            "the log has no position \(position): "
                + (end == .origin ? "it is empty" : "it ends before \(end)") + ". Nothing was read or kept. "
                + (end == .origin ? "Ask again when there are events." : "Give an earlier position.")
        case .snapshotsInUse(let name):
            "another process keeps or removes snapshots of '\(name)'. Nothing was changed. "
                + "Wait until it has ended, then give the command again."
        case .storage(let why):
            "the view's storage answered: \(why). Nothing was read; the log is untouched. If the disk is full, make "
                + "room, and a running server goes on by itself; else rebuild the view with 'rapport-replay rebuild'."
        case .otherLog:
            "the view was folded from another log than the one beside it. Nothing was read. "
                + "Rebuild it with 'rapport-replay rebuild'; the log is untouched."
        case .log(let why): why
        case .corruptRow(let why):
            "a row of the view is damaged: \(why). It was not served. "
                + "Rebuild the view with 'rapport-replay rebuild'; the log is untouched."
        case .unbalanced(let violations):
            "the rows contradict the view's own arithmetic: \(violations.prefix(5).joined(separator: ", ")). "
                + "It was not made live. This is a mistake of the projection's code; the log is untouched."
        case .noGeneration(let why):
            "\(why). Nothing was switched. See 'rapport-replay generations'."
        case .unsettled(let name, let number):
            "generation \(number) of '\(name)' was open for writing when the machine stopped. "
                + "Its rows are not to be believed, and nothing was switched. "
                + "Build another with 'rapport-replay rebuild'."
        }
    }
}
