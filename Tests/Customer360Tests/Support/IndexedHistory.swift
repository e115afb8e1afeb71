import CRMEvents
import CanonicalJSON
import EventModel

@testable import ProjectionRuntime

/// A log that is over and has an index, which is asked the slow way.
struct IndexedHistory: IndexedEventSource {
    let identity = "a history"
    let hasIndex = true
    private let events: [RecordedEvent]
    private let terms: [Set<String>]
    /// Events of a page, at most: small, so that every read turns pages.
    private let pageCount = 7

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

    func read(_ request: ReadRequest) throws(ReadError) -> [RecordedEvent] {
        let from = request.from ?? 0
        let found = events.indices.filter { index in
            let event = events[index]
            switch request.selection {
            case .all: return event.position.index >= from
            case .stream(let name): return event.stream == name && event.revision.index >= from
            case .query(let query):
                return event.position.index >= from
                    && query.items.contains { item in
                        (item.types.isEmpty || item.types.contains(event.content.type))
                            && terms[index].isSuperset(of: item.terms)
                    }
            }
        }
        return found.prefix(min(request.count, pageCount)).map { events[$0] }
    }
}
