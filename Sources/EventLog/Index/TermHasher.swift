internal import EventModel
internal import RecordFormat

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
