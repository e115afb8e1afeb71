import Foundation
import Glibc

/// What this process may take of the processors.
enum Processors {
    /// Lets everybody else go first: from here on this process runs when a processor has nothing else to do.
    ///
    /// A niceness would not do: a thread of any niceness keeps its processor for some milliseconds, which is many times
    /// what a question to a server takes. One of `SCHED_IDLE` (sched(7)) is put off at once. Threads that are made
    /// later inherit it. Where the system does not allow it everything goes on as before.
    static func giveWay() {
        var parameters = sched_param()
        for thread in threads() { _ = unsafe sched_setscheduler(thread, idle, &parameters) }
    }

    /// `SCHED_IDLE` of linux/sched.h.
    private static let idle: Int32 = 5

    /// The threads that there are at the moment.
    private static func threads() -> [pid_t] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        return (names ?? []).compactMap { pid_t($0) }
    }
}
