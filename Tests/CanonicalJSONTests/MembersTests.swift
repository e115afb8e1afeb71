import SeededRandom
import Testing

@testable import CanonicalJSON

@Suite struct `Members of an object` {
    /// Few names, so that most of them are met again: plain, long, with bytes that UTF-16 orders otherwise, and two
    /// that Swift takes for one text.
    private static let names = [
        "", "a", "b", "aa", "name", "a_name_that_is_longer_than_a_word", "a_name_that_is_longer_than_a_wore", "\u{E9}",
        "e\u{301}", "\u{20AC}", "\u{FB33}", "\u{1F600}",
    ]

    /// RFC 8785 section 3.2.3.
    private func inOrder(_ names: some Sequence<[UInt8]>) -> [[UInt16]] {
        names.map { Array(String(decoding: $0, as: UTF8.self).utf16) }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `are those of a dictionary by the bytes of the names, in canonical order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var members = JSON.Members()
        var expected: [[UInt8]: JSON] = [:]
        for step in 0..<60 {
            let name = Self.names.randomElement(using: &random) ?? ""
            let value: JSON? = random.chance(30) ? nil : .integer(Int64(step))
            #expect(members[name] == expected[Array(name.utf8)], "seed \(seed), step \(step)")
            members[name] = value
            expected[Array(name.utf8)] = value
        }
        #expect(members.keys.map { Array($0.utf16) } == inOrder(expected.keys), "seed \(seed)")
        #expect(members.allSatisfy { expected[Array($0.key.utf8)] == $0.value }, "seed \(seed)")
        let shuffled = members.map { ($0.key, $0.value) }.shuffled(using: &random)
        #expect(JSON.Members(shuffled) == members, "seed \(seed)")
        #expect(JSON.Members(shuffled + shuffled) == members, "seed \(seed)")
        #expect(JSON.object(members).canonicalBytes == JSON.object(JSON.Members(shuffled)).canonicalBytes)
    }

    @Test func `are added, replaced and removed by name`() {
        var members: JSON.Members = ["b": 3, "a": 2]
        #expect(JSON.object(members).canonicalText == #"{"a":2,"b":3}"#)
        members.merge(["a": 4, "c": 5]) { _, new in new }
        #expect(JSON.object(members).canonicalText == #"{"a":4,"b":3,"c":5}"#)
        #expect(members.merging(["a": 6]) { old, _ in old } == members)
        #expect(members.removeValue(forKey: "a") == 4)
        #expect(members.removeValue(forKey: "a") == nil)
        #expect(members.keys == ["b", "c"])
    }
}
