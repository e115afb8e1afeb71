import EventClient
import EventModel

/// How the program ends. The numbers are part of the interface: scripts rely on them.
enum ExitStatus: Int32 {
    case done = 0
    case usage = 1
    case someRejected = 2
    case unreachable = 3
    case refused = 4
}

/// An error that ends the program with a status and sentences for a person.
struct Failure: Error {
    let status: ExitStatus
    /// Empty when everything is said already.
    let message: String

    init(_ status: ExitStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }

    /// What the server or the connection said.
    init(_ error: any ExplainedError) {
        if let error = error as? ConnectError, error == .badAddress {
            self.init(.usage, error.description)
        } else {
            self.init(error.code == .unavailable ? .unreachable : .refused, error.description)
        }
    }
}
