/// Derives the index terms of an event from its public parts.
///
/// The catalog supplies it as a value, since the log knows type names and bytes only. The index stores
/// the version that built it and rebuilds itself when that changes.
public struct TermExtractor: Sendable {
    /// Raised whenever an event would get other terms.
    public let version: UInt32
    /// The references of an event: type, stream and canonical data in, terms such as `account:42` out.
    public let references: @Sendable (_ type: String, _ stream: StreamName, _ data: [UInt8]) -> [String]

    /// An extractor from its version and function.
    public init(
        version: UInt32, references: @escaping @Sendable (String, StreamName, [UInt8]) -> [String]
    ) {
        self.version = version
        self.references = references
    }

    /// An extractor for a log without references.
    public static let none = TermExtractor(version: 0) { _, _, _ in [] }

    /// The terms that every event has from its envelope.
    package static func envelopeTerms(stream: StreamName, content: EventContent) -> [String] {
        var terms = ["type:" + content.type, "stream:" + stream.text, "category:" + stream.category]
        if !content.actor.isEmpty { terms.append("actor:" + content.actor) }
        return terms
    }

    /// All terms of a recorded event.
    package func terms(of event: RecordedEvent) -> [String] {
        Self.envelopeTerms(stream: event.stream, content: event.content)
            + references(event.content.type, event.stream, event.content.data)
    }
}
