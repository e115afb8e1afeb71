import CRMEvents
import CanonicalJSON
import EventModel
import SeededRandom

@testable import ProjectionRuntime

/// A log that is over and has an index, which is asked the slow way.
struct IndexedHistory: IndexedEventSource {
    let identity = "a history"
    let hasIndex = true
    private let events: [RecordedEvent]
    private let terms: [Set<String>]

    init(_ history: History) {
        events = history.events
        terms = history.events.map { event in
            Set(Catalog.termExtractor.references(event.content.type, event.stream, event.content.data))
                .union(["stream:" + event.stream.text])
        }
    }

    var end: Position { Position(UInt64(events.count)) }

    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        Array(events.dropFirst(Int(position.index)).prefix(count))
    }

    func waitForEvent(at position: Position, atMost time: Duration) async {}

    /// As an index that keeps parts of its keys it finds an event too many, another one for each question.
    func positions(
        of streams: [StreamName], matching items: [EventQuery.Item], before end: Position
    ) throws(ReadError) -> [Position] {
        var hasher = SplitMix64(seed: UInt64(streams.count + 7 * items.count) + end.index)
        let stray = Int(hasher.next() % UInt64(events.count))
        return events.indices.filter { index in
            let event = events[index]
            let isAsked =
                index == stray || streams.contains(event.stream)
                || items.contains { item in
                    (item.types.isEmpty || item.types.contains(event.content.type))
                        && terms[index].isSuperset(of: item.terms)
                }
            return isAsked && event.position < end
        }.map { events[$0].position }
    }

    func forEachEvent(at positions: [Position], _ body: (borrowing EventView) -> Void) throws(ReadError) {
        for position in positions { events[Int(position.index)].withView(body) }
    }
}
