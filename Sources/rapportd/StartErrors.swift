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

    let count: Int
    var code: ErrorCode { .unavailable }
    var description: String {
        "this process may have \(count) files and connections open, and the server needs \(Self.countMin) at least. "
            + "The server did not start. Raise the limit, for example with 'ulimit -n 4096', and start it again."
    }

    static func check() throws(FewDescriptors) {
        let count = sysconf(Int32(_SC_OPEN_MAX))
        // -1: there is no limit.
        if count >= 0, count < countMin { throw FewDescriptors(count: count) }
    }
}
