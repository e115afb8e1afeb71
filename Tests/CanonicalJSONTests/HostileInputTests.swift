import CanonicalJSON
import SeededRandom
import Testing

@Suite struct `Hostile input` {
    /// Walks everything that a reader can ask for, and checks that the canonical form is a fixed point.
    private func visit(_ node: JSONNode) throws {
        let bytes = node.canonicalBytes
        let again = try JSONDocument(parsing: bytes, maximumDepth: 64).root
        #expect(again.canonicalBytes == bytes)
        #expect(again.kind == node.kind)
        #expect(again.text == node.text)
        #expect(again.integer == node.integer)
        for (name, value) in node.members { #expect(again[name]?.kind == value.kind) }
    }

    @Test func `of random bytes never crashes the parser`() throws {
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        let alphabet = Array("{}[],:\"\\/bfnrtu0123456789abcdefE+-. truefalsn\u{1}é😀".utf8) + [0x80, 0xED, 0xFF]
        for round in 0..<60_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                round % 4 == 0 ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
            }
            if let document = try? JSONDocument(parsing: bytes) { try visit(document.root) }
        }
    }

    @Test func `of damaged documents never crashes the parser`() throws {
        let seed: UInt64 = 12
        var random = SplitMix64(seed: seed)
        var acceptedCount = 0
        for _ in 0..<400 {
            let value = RandomJSON.value(depth: 3, using: &random)
            let document = RandomJSON.spelling(of: value, using: &random)
            for _ in 0..<100 {
                let bytes = RandomJSON.mutation(of: document, using: &random)
                guard let parsed = try? JSONDocument(parsing: bytes) else { continue }
                acceptedCount += 1
                try visit(parsed.root)
            }
        }
        #expect(acceptedCount > 1000, "seed \(seed)")
    }

    @Test func `cut off anywhere is refused inside its length`() throws {
        var random = SplitMix64(seed: 13)
        for _ in 0..<100 {
            let object: JSON = ["a": RandomJSON.value(depth: 3, using: &random), "z": 1]
            let document = RandomJSON.spelling(of: object, using: &random)
            let lastBrace = document.lastIndex(of: UInt8(ascii: "}")) ?? 0
            for length in 0...lastBrace {
                let error = refusal(of: Array(document.prefix(length)))
                #expect(error.map { $0.offset <= length } == true)
            }
        }
    }
}
