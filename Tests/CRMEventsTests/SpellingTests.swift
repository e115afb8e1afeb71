import CRMEvents
import CanonicalJSON
import EventModel
import SeededRandom
import Testing

/// Data is checked in place where its texts hold no escapes, and on copies where they do. Both must agree.
@Suite struct `Data in another spelling` {
    /// The value with every character of every text and name escaped, members in the same order.
    private func escaped(_ node: JSONNode) -> String {
        switch node.kind {
        case .text: return escaped(node.text ?? "")
        case .array: return "[" + node.elements.map { escaped($0) }.joined(separator: " , ") + "]"
        case .object:
            return "{" + node.members.map { escaped($0.name) + " : " + escaped($0.value) }.joined(separator: ",") + "}"
        default: return String(decoding: node.canonicalBytes, as: UTF8.self)
        }
    }

    private func escaped(_ text: String) -> String {
        "\"" + text.utf16.map { "\\u" + String(String(0x10000 + Int($0), radix: 16).dropFirst()) }.joined() + "\""
    }

    private func verdict(_ example: Example, _ data: JSONNode) throws -> Result<[String], InvalidEvent> {
        let stream = try StreamName(example.stream)
        do throws(InvalidEvent) {
            return .success(try Catalog.standard.check(type: example.type, schema: 1, stream: stream, data: data))
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: Example.all) func `is judged the same, also when it is damaged`(_ example: Example) throws {
        let seed: UInt64 = 31
        var random = SplitMix64(seed: seed)
        let parts = [
            "é", "a", "0", "_", "-", " ", "?", "@", "+", "\\n", "13812345678", "null", "true", "-5", "[]", "{}", "\"\"",
            "\"note\":1,", "\"natural_person\":true,", "\"currency\":\"CNY\",", "9007199254740991",
        ]
        let document = example.full.canonicalBytes
        for _ in 0..<300 {
            var bytes = document
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                let part = Array((parts.randomElement(using: &random) ?? "").utf8)
                bytes.replaceSubrange(at..<min(bytes.count, at + Int.random(in: 0...4, using: &random)), with: part)
            }
            guard let plain = try? JSONDocument(parsing: bytes).root else { continue }
            let other = try JSONDocument(parsing: Array(escaped(plain).utf8)).root
            #expect(try verdict(example, plain) == verdict(example, other), "seed \(seed): \(escaped(plain))")
        }
    }

    @Test func `has ids of just the bytes of names`() throws {
        for value in 0..<0x180 {
            let text = "x\(Unicode.Scalar(UInt32(value)) ?? "x")"
            let isName = (try? StreamName("a-\(text)")) != nil
            let isTaken = (try? check("lead.assigned", "lead-9", ["owner_id": .text(text)])) != nil
            #expect(isTaken == isName, "U+\(String(value, radix: 16))")
        }
    }

    /// Against the rule as CATALOG.md section 2 words it: a maximal run of eleven digits, `1[3-9]` and nine more.
    @Test func `looks like a telephone number wherever the number stands`() throws {
        let seed: UInt64 = 32
        var random = SplitMix64(seed: seed)
        for round in 0..<3_000 {
            var name = ""
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                name += String(repeating: "x", count: Int.random(in: 0...14, using: &random))
                let digits = Bool.random(using: &random) ? 11 : Int.random(in: 0...26, using: &random)
                name += (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
                if Bool.random(using: &random) { name += "-13" }
            }
            name += "x"
            let isMobile = name.split(whereSeparator: { !$0.isNumber }).contains { run in
                run.count == 11 && run.first == "1" && (run.dropFirst().first ?? "0") >= "3"
            }
            let isRefused = (try? Catalog.checkName(eventID: name)) == nil
            #expect(isRefused == isMobile, "seed \(seed), round \(round): \(name)")
        }
    }
}
