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
    func term(_ text: String) -> UInt64 { term(text.utf8.span) }

    private func term(_ text: Span<UInt8>) -> UInt64 {
        guard let colon = Self.offset(of: UInt8(ascii: ":"), in: text) else { return XXH64.hash(text, seed: seed) }
        let namespace = XXH64.hash(text.extracting(0..<colon), seed: seed)
        return XXH64.hash(text.extracting(colon + 1..<text.count), seed: namespace)
    }

    /// The key of the term `type:…`.
    func type(_ name: String) -> UInt64 { XXH64.hash(name.utf8.span, seed: typeSeed) }

    /// The key of the term `stream:…`.
    func stream(_ name: StreamName) -> UInt64 { XXH64.hash(name.text.utf8.span, seed: streamSeed) }

    /// Appends every key of a record: first its id's, second its stream's, then those of its other terms.
    ///
    /// The terms are those of ``TermExtractor/envelopeTerms(stream:content:)`` and the references.
    func appendKeys(of record: borrowing RecordWriter, references: borrowing TermList, to keys: inout [UInt64]) {
        let bytes = record.bytes.span
        appendEnvelopeKeys(
            source: bytes.extracting(record.range(of: .source)), id: bytes.extracting(record.range(of: .id)),
            stream: bytes.extracting(record.range(of: .stream)), type: bytes.extracting(record.range(of: .type)),
            actor: bytes.extracting(record.range(of: .actor)), to: &keys)
        references.forEach { keys.append(term($0)) }
    }

    /// Appends every key of a recorded event, in the same order.
    func appendKeys(
        of content: EventContent, in stream: StreamName, references: [String], to keys: inout [UInt64]
    ) {
        appendEnvelopeKeys(
            source: content.key.source.utf8.span, id: content.key.id.utf8.span, stream: stream.text.utf8.span,
            type: content.type.utf8.span, actor: content.actor.utf8.span, to: &keys)
        for reference in references { keys.append(term(reference)) }
    }

    private func appendEnvelopeKeys(
        source: Span<UInt8>, id: Span<UInt8>, stream: Span<UInt8>, type: Span<UInt8>, actor: Span<UInt8>,
        to keys: inout [UInt64]
    ) {
        keys.append(XXH64.hash(id, seed: XXH64.hash(source, seed: ~seed)))
        keys.append(XXH64.hash(stream, seed: streamSeed))
        keys.append(XXH64.hash(type, seed: typeSeed))
        let categoryEnd = Self.offset(of: UInt8(ascii: "-"), in: stream) ?? stream.count
        keys.append(XXH64.hash(stream.extracting(0..<categoryEnd), seed: categorySeed))
        if !actor.isEmpty { keys.append(XXH64.hash(actor, seed: actorSeed)) }
    }

    private static func hash(_ text: String, _ seed: UInt64) -> UInt64 { XXH64.hash(text.utf8.span, seed: seed) }

    private static func offset(of byte: UInt8, in bytes: Span<UInt8>) -> Int? {
        for offset in bytes.indices where bytes[offset] == byte { return offset }
        return nil
    }
}
