internal import EventModel
internal import NIOCore
internal import Synchronization

/// The connections of a server: counted, bounded, and drained together.
final class Connections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var nextID: UInt64 = 1
    }

    private let state = Mutex(State())
    /// Connections at most.
    let countMax: Int

    init(atMost countMax: Int) { self.countMax = countMax }

    /// Connections at the moment.
    var count: Int { state.withLock { $0.channels.count } }

    /// Takes a connection in; `nil` if there are as many as there may be.
    func admit(_ channel: any Channel) -> UInt64? {
        let id: UInt64? = state.withLock { state in
            guard state.channels.count < countMax else { return nil }
            state.channels[ObjectIdentifier(channel)] = channel
            defer { state.nextID += 1 }
            return state.nextID
        }
        guard id != nil else { return nil }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        return id
    }

    /// Asks every connection to answer what it has read and to close; cuts those off that take too long.
    func drain(atMost time: Duration) async {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(Drain()) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for channel in channels { try? await channel.closeFuture.get() }
            }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            for channel in channels { channel.close(promise: nil) }
            group.cancelAll()
        }
    }
}
