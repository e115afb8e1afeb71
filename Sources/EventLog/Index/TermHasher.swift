internal import EventModel
internal import RecordFormat

/// Turns terms and ids into the 64-bit keys of the index.
///
/// A term `namespace:value` (split at its first colon) has the key XXH64(value, seed: XXH64(namespace, seed)),
/// a term without colon XXH64(term, seed). An id has the key XXH64(id, seed: XXH64(source, seed: ¬seed)).
/// So the parts are hashed where they lie, and no term is ever put together as a text.
///
/// The seed is random per index, so nobody can prepare names that collide. Whoever finds a position
/// through a key compares the record itself: a collision costs a read, never an answer.
struct TermHasher: Sendable {
    let seed: UInt64
    private let typeSeed: UInt64
    private let streamSeed: UInt64
    private let categorySeed: UInt64
    private let actorSeed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        typeSeed = Self.hash("type", seed)
        streamSeed = Self.hash("stream", seed)
        categorySeed = Self.hash("category", seed)
        actorSeed = Self.hash("actor", seed)
    }

    /// The key of a term as the query names it.
    func term(_ text: String) -> UInt64 {
        let bytes = text.utf8.span
        guard let colon = Self.offset(of: UInt8(ascii: ":"), in: bytes) else { return XXH64.hash(bytes, seed: seed) }
        let namespace = XXH64.hash(bytes.extracting(0..<colon), seed: seed)
        return XXH64.hash(bytes.extracting(colon + 1..<bytes.count), seed: namespace)
    }

    /// The key of the term `type:…`.
    func type(_ name: String) -> UInt64 { Self.hash(name, typeSeed) }

    /// The key of the term `stream:…`.
    func stream(_ name: StreamName) -> UInt64 { Self.hash(name.text, streamSeed) }

    /// The key of an event's id.
    func id(_ key: EventKey) -> UInt64 { Self.hash(key.id, Self.hash(key.source, ~seed)) }

    /// Appends every key of an event: first its id's, second its stream's, then those of its other terms.
    ///
    /// The terms are those of ``TermExtractor/envelopeTerms(stream:content:)`` and the references.
    func appendKeys(
        of content: EventContent, in stream: StreamName, references: [String], to keys: inout [UInt64]
    ) {
        keys.append(id(content.key))
        keys.append(self.stream(stream))
        keys.append(type(content.type))
        let name = stream.text.utf8.span
        let categoryEnd = Self.offset(of: UInt8(ascii: "-"), in: name) ?? name.count
        keys.append(XXH64.hash(name.extracting(0..<categoryEnd), seed: categorySeed))
        if !content.actor.isEmpty { keys.append(Self.hash(content.actor, actorSeed)) }
        for reference in references { keys.append(term(reference)) }
    }

    /// Every key of an event, in an array of its own.
    func keys(of content: EventContent, in stream: StreamName, references: [String]) -> [UInt64] {
        var keys: [UInt64] = []
        keys.reserveCapacity(5 + references.count)
        appendKeys(of: content, in: stream, references: references, to: &keys)
        return keys
    }

    private static func hash(_ text: String, _ seed: UInt64) -> UInt64 { XXH64.hash(text.utf8.span, seed: seed) }

    private static func offset(of byte: UInt8, in bytes: Span<UInt8>) -> Int? {
        for offset in bytes.indices where bytes[offset] == byte { return offset }
        return nil
    }
}
