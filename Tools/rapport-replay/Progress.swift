import EventModel
import Foundation
import Synchronization

/// Tells on standard error how far long work has come: in place on a terminal, a line every five seconds
/// elsewhere.
final class Progress: Sendable {
    private struct State {
        var lastShown = ContinuousClock.now
        var isShown = false
    }

    private let what: String
    private let started = ContinuousClock.now
    private let isTerminal = isatty(2) == 1
    private let state = Mutex(State())

    init(_ what: String) { self.what = what }

    /// Seconds since the work began.
    var seconds: Double {
        let (seconds, attoseconds) = (ContinuousClock.now - started).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    func show(_ next: Position, _ end: Position) {
        let isDue = state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.lastShown > (isTerminal ? .milliseconds(200) : .seconds(5)) else { return false }
            state.lastShown = now
            state.isShown = true
            return true
        }
        guard isDue else { return }
        let rate = Int(Double(next.index) / max(seconds, 0.001))
        write("\(what): \(next) of \(end) events, \(rate) a second", ending: isTerminal ? "\r" : "\n")
    }

    /// Clears the line.
    func end() {
        if isTerminal, state.withLock({ $0.isShown }) {
            write(String(repeating: " ", count: 78), ending: "\r")
        }
    }

    private func write(_ text: String, ending: String) {
        FileHandle.standardError.write(Data((text + ending).utf8))
    }
}
