import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to wait for. Before anybody expects them they end the process at once: a start can
/// be cut off anywhere.
///
/// They are blocked in the first thread and in all that come from it, and the first one waits for them with sigwait(3):
/// then no other code has a part in it, and none is lost. (A source of Dispatch hands a signal that reaches the first
/// thread on to a thread of its own, which need not be the one that reads it.)
final class StopSignals: Sendable {
    private let stops: AsyncStream<Void>
    private let stop: AsyncStream<Void>.Continuation
    private let isExpected = Atomic(false)

    /// Blocks the signals; to be made by the first thread, before there is another.
    init() {
        (stops, stop) = AsyncStream.makeStream()
        var signals = Self.signals
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// From now on the signals end a ``wait()`` instead of the process.
    func expect() { isExpected.store(true, ordering: .relaxed) }

    /// Waits until the process is asked to stop.
    func wait() async {
        for await _ in stops { break }
    }

    /// Takes the signals as they come: what the first thread does.
    func listen() -> Never {
        var signals = Self.signals
        var number: Int32 = 0
        while true {
            guard unsafe sigwait(&signals, &number) == 0 else { continue }
            if isExpected.load(ordering: .relaxed) {
                stop.yield()
            } else {
                unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
                raise(number)
            }
        }
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in [SIGTERM, SIGINT] { unsafe sigaddset(&signals, number) }
        return signals
    }
}
