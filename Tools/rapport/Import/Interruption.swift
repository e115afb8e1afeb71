import Dispatch
import Foundation
import Synchronization

/// Ctrl-C asks for an orderly end: what was sent is settled and summed up. A second Ctrl-C ends the program at once.
final class Interruption {
    /// What the signal's handler and the import share.
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    private let flag = Flag()
    private let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())

    init() {
        signal(SIGINT, SIG_IGN)
        source.setEventHandler { [flag] in
            flag.isSet.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
        source.activate()
    }

    /// Whether Ctrl-C was pressed.
    var isRequested: Bool { flag.isSet.load(ordering: .relaxed) }

    /// Gives Ctrl-C its usual meaning back.
    func stop() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
