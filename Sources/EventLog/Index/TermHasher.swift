public import EventModel
internal import RecordFormat

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
    static func envelopeTerms(stream: StreamName, content: EventContent) -> [String] {
        var terms = ["type:" + content.type, "stream:" + stream.text, "category:" + stream.category]
        if !content.actor.isEmpty { terms.append("actor:" + content.actor) }
        return terms
    }

    /// All terms of a recorded event.
    func terms(of event: RecordedEvent) -> [String] {
        Self.envelopeTerms(stream: event.stream, content: event.content)
            + references(event.content.type, event.stream, event.content.data)
    }
}

/// Turns terms and ids into the 64-bit keys of the index.
///
/// The seed is random per index, so nobody can prepare names that collide. Whoever finds a position
/// through a key compares the record itself: a collision costs a read, never an answer.
struct TermHasher: Sendable {
    let seed: UInt64

    func term(_ text: String) -> UInt64 {
        var bytes: [UInt8] = [UInt8(ascii: "t")]
        bytes.append(contentsOf: text.utf8)
        return XXH64.hash(bytes.span, seed: seed)
    }

    func stream(_ name: StreamName) -> UInt64 { term("stream:" + name.text) }

    func id(_ key: EventKey) -> UInt64 {
        var bytes: [UInt8] = [UInt8(ascii: "i")]
        bytes.append(contentsOf: key.source.utf8)
        bytes.append(0)
        bytes.append(contentsOf: key.id.utf8)
        return XXH64.hash(bytes.span, seed: seed)
    }

    /// Every key of an event: its id and its terms.
    func keys(of content: EventContent, in stream: StreamName, references: [String]) -> [UInt64] {
        var keys = [id(content.key)]
        keys.append(contentsOf: TermExtractor.envelopeTerms(stream: stream, content: content).map(term))
        keys.append(contentsOf: references.map(term))
        return keys
    }
}
