import CanonicalJSON
import CloudEvents
import EventModel
import SeededRandom
import Testing

/// The same envelope in two spellings takes two ways through the code: texts are read in place unless they
/// hold escapes. Both must come to the same end.
@Suite struct `An envelope in another spelling` {
    /// Escapes every letter and digit of every text.
    private func escaped(_ document: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var isInside = false
        var skip = 0
        for (index, byte) in document.enumerated() {
            if byte == UInt8(ascii: "\""), skip == 0 { isInside.toggle() }
            if isInside, skip == 0, byte == UInt8(ascii: "\\") {
                skip = document[index + 1] == UInt8(ascii: "u") ? 6 : 2
            }
            let scalar = Unicode.Scalar(byte)
            if isInside, skip == 0, scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                bytes += Array("\\u00\(String(byte, radix: 16))".utf8)
            } else {
                bytes.append(byte)
            }
            skip = max(0, skip - 1)
        }
        return bytes
    }

    private enum Verdict: Equatable {
        case taken(EventContent, StreamName, ExpectedRevision, Timestamp?)
        case refused(String, String)
    }

    private func verdict(_ bytes: [UInt8]) throws -> Verdict {
        do {
            let event = try Incoming(JSONDocument(parsing: bytes))
            return .taken(event.content, event.stream, event.expecting, event.time)
        } catch let error as CloudEventError {
            // The one error that names an offset, which differs between spellings.
            return .refused(error.member.hasPrefix("extension whose") ? "" : error.member, error.found)
        }
    }

    @Test func `means the same, also when it is damaged`() throws {
        let seed: UInt64 = 21
        var random = SplitMix64(seed: seed)
        let line = JSON.object(complete).canonicalBytes
        let parts = ["\u{7F}", "é", "\u{85}", "a", "0", "_", "-", ":", " ", "\\n", "\\u00e9", "@", "Z", "null", "\"\""]
        var (takenCount, refusedCount) = (0, 0)
        for _ in 0..<3_000 {
            var bytes = line
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                let part = Array((parts.randomElement(using: &random) ?? "").utf8)
                bytes.replaceSubrange(at..<min(bytes.count, at + Int.random(in: 0...2, using: &random)), with: part)
            }
            guard (try? JSONDocument(parsing: bytes)) != nil else { continue }
            let plain = try verdict(bytes)
            if case .taken = plain { takenCount += 1 } else { refusedCount += 1 }
            #expect(try verdict(escaped(bytes)) == plain, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(takenCount > 100 && refusedCount > 100, "seed \(seed)")
    }

    @Test func `has times just as the model reads them`() throws {
        let seed: UInt64 = 22
        var random = SplitMix64(seed: seed)
        for round in 0..<3_000 {
            let years0000To9999: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999
            let time = Timestamp(milliseconds: Int64.random(in: years0000To9999, using: &random))
            var text = Array(time.description.utf8)
            if round % 2 == 1 {
                let at = Int.random(in: 0..<text.count, using: &random)
                text[at] = Array("0123456789-:.TZ +t".utf8).randomElement(using: &random) ?? 0
            }
            var members = complete
            members["time"] = .text(String(decoding: text, as: UTF8.self))
            let found = try? read(members).time
            #expect(found == Timestamp(String(decoding: text, as: UTF8.self)), "seed \(seed), round \(round)")
        }
    }

    @Test func `has ids of just the bytes of names`() throws {
        for value in 0..<0x180 {
            let text = "x\(Unicode.Scalar(UInt32(value)) ?? "x")"
            let isName = (try? StreamName("a-\(text)")) != nil
            #expect((try refusal(changing: "id", to: .text(text)) == nil) == isName, "U+\(String(value, radix: 16))")
        }
    }
}
