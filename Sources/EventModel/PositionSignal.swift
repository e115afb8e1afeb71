internal import Synchronization

/// A position that only grows, and whoever waits for it: the end of a log, the checkpoint of a view.
package final class PositionSignal: Sendable {
    private struct Waiter {
        let id: UInt64
        let position: Position
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var end: Position
        var waiters: [Waiter] = []
    }

    private let state: Mutex<State>
    private let ids = Atomic<UInt64>(0)

    /// A signal that starts at a position.
    package init(end: Position) { state = Mutex(State(end: end)) }

    /// The position after the newest event that is there.
    package var end: Position { state.withLock { $0.end } }

    /// Moves the end and wakes who waited for what is there now.
    package func advance(to end: Position) {
        resume { state in
            state.end = end
            return { $0.position < end }
        }
    }

    /// Returns when an event stands at the position, the time ran out, or the task was cancelled.
    package func wait(for position: Position, atMost time: Duration) async {
        if position < end { return }
        let id = ids.wrappingAdd(1, ordering: .relaxed).newValue
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(for: position, id) }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            resume { _ in { $0.id == id } }
            group.cancelAll()
        }
    }

    private func wait(for position: Position, _ id: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if position < state.end || Task.isCancelled { return true }
                    state.waiters.append(Waiter(id: id, position: position, continuation: continuation))
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            resume { _ in { $0.id == id } }
        }
    }

    private func resume(_ change: (inout State) -> ((Waiter) -> Bool)) {
        let done = state.withLock { state in
            let isDone = change(&state)
            let done = state.waiters.filter(isDone)
            if !done.isEmpty { state.waiters.removeAll(where: isDone) }
            return done
        }
        for waiter in done { waiter.continuation.resume() }
    }
}
