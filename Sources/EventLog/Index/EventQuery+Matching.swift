internal import EventModel

extension EventQuery {
    /// Whether a recorded event matches. Its references are derived only if they matter.
    func matches(_ event: RecordedEvent, _ extractor: TermExtractor) -> Bool {
        var derived: [String]?
        return items.contains { item in
            item.matches(event.content, in: event.stream) {
                let references =
                    derived ?? extractor.references(event.content.type, event.stream, event.content.data)
                derived = references
                return references
            }
        }
    }

    /// Whether an item names neither types nor terms, so that every event matches.
    var matchesEverything: Bool { items.contains { $0.types.isEmpty && $0.terms.isEmpty } }
}

extension EventQuery.Item {
    /// Whether an event has one of the types and all of the terms.
    fileprivate func matches(_ content: EventContent, in stream: StreamName, _ references: () -> [String]) -> Bool {
        guard types.isEmpty || types.contains(content.type) else { return false }
        return terms.allSatisfy { term in
            Self.isEnvelope(term, of: content, in: stream) || references().contains(term)
        }
    }

    /// Whether a term is one of ``TermExtractor/envelopeTerms(stream:content:)``, without making those.
    private static func isEnvelope(_ term: String, of content: EventContent, in stream: StreamName) -> Bool {
        guard let colon = term.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let value = term[term.utf8.index(after: colon)...]
        return switch term[..<colon] {
        case "type": value == content.type
        case "stream": value == stream.text
        case "category": value == stream.category
        case "actor": !value.isEmpty && value == content.actor
        default: false
        }
    }
}
