import Dispatch
import Foundation
import Synchronization

/// Ctrl-C asks for an orderly end: what was folded is committed. A second Ctrl-C ends the program at once, which loses
/// nothing either: what was committed stands.
final class Interruption: Sendable {
    private let isSet = Atomic<Bool>(false)

    /// Whether Ctrl-C was pressed.
    var isRequested: Bool { isSet.load(ordering: .relaxed) }

    /// Lends one that listens to the body.
    static func listening<Result>(_ body: (Interruption) async throws -> Result) async rethrows -> Result {
        let interruption = Interruption()
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        signal(SIGINT, SIG_IGN)
        source.setEventHandler {
            interruption.isSet.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
        source.activate()
        defer {
            source.cancel()
            signal(SIGINT, SIG_DFL)
        }
        return try await body(interruption)
    }
}
