import DurableFiles
import EventModel
import Foundation

/// `--views` names something that this build does not have.
struct UnknownView: ExplainedError {
    var code: ErrorCode { .syntax }
    var description: String {
        "a name after --views is no read model. The server did not start. "
            + "Write all, none, or some of customer-360, sales-funnel and churn-signals with commas between."
    }
}

/// The system lets this process open too few files for a log, its views and any connection.
struct FewDescriptors: ExplainedError {
    /// A server with every view has some 40 open before the first client comes; index, folds and backups take more.
    static let countMin = 128
    /// What the server keeps for itself. Where a process has none left, Dispatch ends it: it opens a file of /proc to
    /// watch its threads, and takes the failure for its own mistake.
    private static let keptCount = 100

    let count: Int
    var code: ErrorCode { .unavailable }
    var description: String {
        "this process may have \(count) files and connections open, and the server needs \(Self.countMin) at least. "
            + "The server did not start. Raise the limit, for example with 'ulimit -n 4096', and start it again."
    }

    /// Takes as many as the system gives. Returns how many connections that is enough for.
    static func connectionCount() throws(FewDescriptors) -> Int {
        let count = DurableFiles.raiseFileLimit()
        guard count >= countMin else { throw FewDescriptors(count: count) }
        return min(count - keptCount, Limits.connectionCountMax)
    }
}
