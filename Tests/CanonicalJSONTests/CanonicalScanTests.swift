import CanonicalJSON
import SeededRandom
import Testing

@Suite struct `A scan of canonical bytes` {
    /// The members as a scan finds them.
    private func members(_ bytes: [UInt8]) -> (names: [String], values: [[UInt8]], isWhole: Bool) {
        var scan = CanonicalScan(bytes.span, at: 0)
        var (names, values): ([String], [[UInt8]]) = ([], [])
        while let member = scan.nextMember() {
            names.append(String(decoding: bytes[member.name], as: UTF8.self))
            values.append(bytes.span.bytesOfValue(at: member.value))
        }
        return (names, values, scan.isWhole)
    }

    private static let texts = ["", "a", "\"", "\\", "}],:{[", "价格", "a long text that takes several words"]

    private func drawn(_ random: inout SplitMix64, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: .null
        case 1: .boolean(Bool.random(using: &random))
        case 2: .integer(Int64.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
        case 3: .text(Self.texts.randomElement(using: &random) ?? "")
        case 4: .text(String(repeating: "\\\"", count: Int.random(in: 0..<12, using: &random)))
        case 5: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in drawn(&random, depth: depth - 1) })
        default: object(&random, depth: depth - 1)
        }
    }

    private func object(_ random: inout SplitMix64, depth: Int) -> JSON {
        let names = ["a", "ab", "account_id", "account_ids", "z", "价", "q\"", ""]
        var members: JSON.Members = [:]
        for name in names where Bool.random(using: &random) { members[name] = drawn(&random, depth: depth) }
        return .object(members)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `finds what the parser finds`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let bytes = object(&random, depth: 3).canonicalBytes
            let root = try JSONDocument(parsing: bytes).root
            let found = members(bytes)
            #expect(found.isWhole, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            let values = try found.values.map { try JSON(parsing: $0) }
            #expect(values == root.members.map { JSON($0.value) }, "seed \(seed)")
            for (member, value) in zip(root.members, found.values) {
                #expect(value.span.textValue(at: 0) == member.value.text ?? "", "seed \(seed)")
                if let integer = member.value.integer { #expect(value.span.integerValue(at: 0) == integer) }
                #expect(value.span.kindOfValue(at: 0) == member.value.kind, "seed \(seed)")
            }
        }
    }

    @Test func `is total, and never takes a part for the whole`() {
        let bytes = JSON.object(["a": ["b", ["c": "d\"}"]], "e": 12, "f": true, "g": nil]).canonicalBytes
        for count in 0..<bytes.count { #expect(!members(Array(bytes[..<count])).isWhole, "\(count) bytes") }
        #expect(members(bytes).isWhole)
        var random = SplitMix64(seed: 7)
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = members(damaged)
            for offset in damaged.indices {
                _ = damaged.span.textValue(at: offset)
                _ = damaged.span.bytesOfValue(at: offset)
            }
        }
    }

    @Test func `finds the elements of a list`() {
        let bytes: [UInt8] = Array(#"["a",{"b":[1]},-3,[]]"#.utf8)
        var scan = CanonicalScan(bytes.span, at: 0)
        var elements: [String] = []
        while let offset = scan.nextElement() {
            elements.append(String(decoding: bytes.span.bytesOfValue(at: offset), as: UTF8.self))
        }
        #expect(elements == ["\"a\"", #"{"b":[1]}"#, "-3", "[]"] && scan.isWhole)
    }
}
