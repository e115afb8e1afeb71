internal import Dispatch
internal import Synchronization

/// Work that two callers must not do at once, on a thread of its own: it waits for disks, and the threads that tasks
/// share must not.
final class OneAtATime: Sendable {
    private let isRunning = Mutex(false)
    private let queue: DispatchQueue

    /// - Parameter name: what the work is, for those who look at threads.
    init(_ name: String) { queue = DispatchQueue(label: "rapport.\(name)", qos: .utility) }

    /// Does the work; `nil`, and nothing is begun, while it is being done for somebody else.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else { return nil }
        defer { isRunning.withLock { $0 = false } }
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
