import ArgumentParser
import CloudEvents
import EventModel
import Presentation

/// Which events: a stream, or everything, or what has a type and terms.
struct Selection: ParsableArguments {
    @Argument(help: "A stream, such as account-42; the whole log without one.")
    var stream: String?

    @Option(help: "Only these types, with commas between.")
    var types: String?

    @Option(help: "Only events with all these terms, such as account:42,campaign:3.")
    var terms: String?

    func parsed() throws(Failure) -> ReadSelection {
        if let stream {
            guard types == nil, terms == nil else {
                throw Failure(
                    .usage,
                    "a stream cannot be filtered by --types or --terms. Nothing was sent. Name one or the other.")
            }
            return .stream(try Input.stream(stream))
        }
        let item = EventQuery.Item(types: Self.words(types), terms: Self.words(terms))
        return item == EventQuery.Item() ? .all : .query(EventQuery([item]))
    }

    private static func words(_ text: String?) -> [String] {
        text.map { $0.split(separator: ",").map(String.init) } ?? []
    }
}

/// When: stretches of time of a read.
struct TimeBounds: ParsableArguments {
    @Option(help: "Only events written from this moment or day on, by the server's clock.")
    var recordedFrom: String?

    @Option(help: "Only events written before this moment or day.")
    var recordedUntil: String?

    @Option(help: "Only events that happened from this moment or day on, as their producers say.")
    var timeFrom: String?

    @Option(help: "Only events that happened before this moment or day.")
    var timeUntil: String?

    /// Restricts a read.
    func restrict(_ request: inout ReadRequest) throws(Failure) {
        request.recorded = try Self.range(recordedFrom, recordedUntil)
        request.time = try Self.range(timeFrom, timeUntil)
    }

    private static func range(_ from: String?, _ until: String?) throws(Failure) -> TimeRange {
        TimeRange(from: try moment(from), until: try moment(until))
    }

    private static func moment(_ text: String?) throws(Failure) -> Timestamp? {
        guard let text else { return nil }
        return try Input.moment(text, isEndOfDay: false)
    }
}

extension Input {
    /// A query as `LOG.QUERY` has it: `TYPES a,b TERMS x,y OR …`.
    static func query(_ text: String) throws(Failure) -> EventQuery {
        var items = [EventQuery.Item()]
        var words = text.split(separator: " ").map(String.init)[...]
        while let word = words.popFirst() {
            if word.uppercased() == "OR" {
                items.append(EventQuery.Item())
                continue
            }
            guard let names = words.popFirst()?.split(separator: ",").map(String.init) else { break }
            switch word.uppercased() {
            case "TYPES": items[items.count - 1].types += names
            case "TERMS": items[items.count - 1].terms += names
            default: throw unreadableQuery
            }
        }
        guard !items.contains(EventQuery.Item()) else { throw unreadableQuery }
        return EventQuery(items)
    }

    private static let unreadableQuery = Failure(
        .usage,
        "this is no query. Nothing was sent. Write 'TYPES a,b TERMS x,y', with OR between several.")
}

extension ReadSelection {
    /// The index by which the selection is read: a revision in one stream, else a position.
    func index(of event: RecordedEvent) -> UInt64 {
        if case .stream = self { event.revision.index } else { event.position.index }
    }
}

extension Console {
    /// Shows events: a line of text each, or a line of CloudEvents JSON.
    static func show(_ events: [RecordedEvent], asJSON isJSON: Bool) {
        guard !events.isEmpty else { return }
        guard isJSON else { return say(events.map { EventText.line(for: $0, width: width) }) }
        write(events.flatMap { CloudEvent.write($0) + [UInt8(ascii: "\n")] })
    }
}
