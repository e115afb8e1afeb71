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
