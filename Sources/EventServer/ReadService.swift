internal import CloudEvents
internal import EventLog
internal import EventModel
internal import NIOCore
internal import WireProtocol

/// Carries out reads of the log, off the connections' threads.
struct ReadService: Sendable {
    let log: EventLog

    /// A page of events, each as one CloudEvents line. With `BLOCK` an empty page waits for the first event.
    @concurrent
    func page(_ request: PageRequest) async -> Reply {
        var read = request.read
        let deadline = request.blockMilliseconds.map { ContinuousClock.now + .milliseconds($0) }
        while true {
            let end = log.end
            do throws(ReadError) {
                let events = try log.read(read)
                if !events.isEmpty { return .encoded(Self.page(of: events)) }
            } catch {
                return .refusal(error)
            }
            guard let deadline, !Task.isCancelled else { return .value(.array([])) }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return .value(.array([])) }
            // What does not match up to here need not be looked at again.
            if case .query = read.selection { read.from = max(read.from ?? 0, end.index) }
            await log.waitForEvent(at: end, atMost: left)
        }
    }

    private static func page(of events: [RecordedEvent]) -> ByteBuffer {
        var page = PageBuilder(capacity: events.count * 512)
        for event in events { page.append { $0 = CloudEvent.write(event) } }
        return page.finish()
    }

    /// How far a stream has come.
    @concurrent
    func stream(_ name: StreamName) async -> RESPValue {
        do throws(ReadError) {
            guard let state = try log.stream(name) else { return .null }
            return .fields([
                "stream": .text(name.text), "revision": .revision(state.revision),
                "first": .position(state.first), "last": .position(state.last),
            ])
        } catch {
            return .refusal(error)
        }
    }
}
