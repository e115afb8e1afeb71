import CanonicalJSON
import SeededRandom
import Testing

/// The error of a document that must be refused.
func refusal(
    of bytes: [UInt8], maximumByteCount: Int = 1 << 20, maximumDepth: Int = 32
) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONDocument(parsing: bytes, maximumByteCount: maximumByteCount, maximumDepth: maximumDepth)
        return nil
    } catch {
        return error
    }
}

@Suite struct `Strict parsing` {
    @Test(arguments: [
        ("", 0, JSONError.Problem.empty),
        (" \n ", 3, .empty),
        (#"{"a":1,"a":2}"#, 7, .duplicateName),
        (#"{"b":1,"a":2,"b":3,"a":4}"#, 13, .duplicateName),
        (#"{"a":1,"\u0061":2}"#, 7, .duplicateName),
        (#"{"\u0062":1,"a":0,"b":2}"#, 18, .duplicateName),
        (#"{"😀":1,"a":0,"\ud83d\ude00":2}"#, 16, .duplicateName),
        (#"{"":1,"":2}"#, 6, .duplicateName),
        (#"[{"x":{"z":0,"y":1,"z":2}}]"#, 19, .duplicateName),
        (#"["\ud800"]"#, 2, .loneSurrogate),
        (#"["x\ud83dx"]"#, 3, .loneSurrogate),
        (#"["\udc00"]"#, 2, .loneSurrogate),
        (#"["\ud83d\u0041"]"#, 2, .loneSurrogate),
        (#"["\ude00\ud83d"]"#, 2, .loneSurrogate),
        ("[\"a\nb\"]", 3, .controlCharacter),
        ("[\"12345678\u{1F}\"]", 10, .controlCharacter),
        ("\"\u{0}\"", 1, .controlCharacter),
        (#"["a\x"]"#, 3, .unknownEscape),
        (#"["\u12G4"]"#, 2, .unknownEscape),
        (#"["\U0041"]"#, 2, .unknownEscape),
        ("1.0", 1, .fraction),
        ("[12e3]", 3, .fraction),
        ("-3E-2", 2, .fraction),
        (#"{"amount":19.99}"#, 12, .fraction),
        ("9007199254740992", 0, .integerTooLarge),
        ("[-9007199254740992]", 1, .integerTooLarge),
        ("18446744073709551617", 0, .integerTooLarge),
        ("01", 0, .leadingZero),
        ("[-01]", 2, .leadingZero),
        ("00", 0, .leadingZero),
        ("1 2", 2, .trailingBytes),
        ("{}x", 2, .trailingBytes),
        ("[]\u{0}", 2, .trailingBytes),
        ("[1,]", 3, .unexpectedByte(0x5D, wanted: "a value")),
        ("[,1]", 1, .unexpectedByte(0x2C, wanted: "a value")),
        ("[1 2]", 3, .unexpectedByte(0x32, wanted: "a comma or a closing bracket")),
        ("{1:2}", 1, .unexpectedByte(0x31, wanted: "a member name in quotation marks")),
        (#"{"a":1,}"#, 7, .unexpectedByte(0x7D, wanted: "a member name in quotation marks")),
        (#"{"a" 1}"#, 5, .unexpectedByte(0x31, wanted: "a colon")),
        (#"{"a":1]"#, 6, .unexpectedByte(0x5D, wanted: "a comma or a closing brace")),
        ("{a:1}", 1, .unexpectedByte(0x61, wanted: "a member name in quotation marks")),
        ("'a'", 0, .unexpectedByte(0x27, wanted: "a value")),
        ("NaN", 0, .unexpectedByte(0x4E, wanted: "a value")),
        ("+1", 0, .unexpectedByte(0x2B, wanted: "a value")),
        ("[-]", 2, .unexpectedByte(0x5D, wanted: "a digit")),
        ("trux", 3, .unexpectedByte(0x78, wanted: "the word true")),
        ("\u{FEFF}1", 0, .unexpectedByte(0xEF, wanted: "a value")),
        ("\u{C}1", 0, .unexpectedByte(0x0C, wanted: "a value")),
        ("[1,// no\n2]", 3, .unexpectedByte(0x2F, wanted: "a value")),
        ("[1", 2, .unexpectedEnd(wanted: "a comma or a closing bracket")),
        (#"{"a""#, 4, .unexpectedEnd(wanted: "a colon")),
        ("\"abc", 4, .unexpectedEnd(wanted: "a closing quotation mark")),
        ("\"abc\\", 5, .unexpectedEnd(wanted: "an escape")),
        ("nul", 3, .unexpectedEnd(wanted: "the word null")),
        ("-", 1, .unexpectedEnd(wanted: "a digit")),
    ])
    func `refuses what I-JSON forbids, at its exact byte`(
        document: String, offset: Int, problem: JSONError.Problem
    ) {
        #expect(refusal(of: Array(document.utf8)) == JSONError(problem, at: offset))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func `refuses what is no UTF-8, at its first byte`(sequence: [UInt8]) {
        for prefix in ["\"", "[\"é", "[\"12345678"] {
            let bytes = Array(prefix.utf8) + sequence + Array("\"".utf8)
            #expect(refusal(of: bytes) == JSONError(.invalidUTF8, at: prefix.utf8.count))
            let cut = Array(prefix.utf8) + sequence
            #expect(refusal(of: cut) == JSONError(.invalidUTF8, at: prefix.utf8.count))
        }
    }

    @Test func `takes every border of UTF-8`() throws {
        let borders = "\u{7F}\u{80}\u{7FF}\u{800}\u{FFF}\u{1000}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{FFFFF}\u{10FFFF}"
        let root = try JSONDocument(parsing: Array("\"\(borders)\"".utf8)).root
        #expect(root.hasText(borders))
        #expect(root.canonicalBytes == Array("\"\(borders)\"".utf8))
    }

    @Test(arguments: [0, 1, 2, 32, 512]) func `nests to the limit and not one deeper`(limit: Int) {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        if limit > 0 { #expect(refusal(of: nested(limit), maximumDepth: limit) == nil) }
        #expect(
            refusal(of: nested(limit + 1), maximumDepth: limit) == JSONError(.tooDeep(limit: limit), at: limit))
        #expect(refusal(of: Array("1".utf8), maximumDepth: limit) == nil)
        let objects = String(repeating: #"{"a":"#, count: limit) + "1" + String(repeating: "}", count: limit)
        #expect(refusal(of: Array(objects.utf8), maximumDepth: limit) == nil)
    }

    @Test func `takes a document of the maximum size and not one byte more`() {
        let limit = JSONDocument.defaultByteCountMax
        let document =
            [UInt8(ascii: "\"")] + [UInt8](repeating: UInt8(ascii: "x"), count: limit - 2) + [UInt8(ascii: "\"")]
        #expect(refusal(of: document) == nil)
        let longer = document + [UInt8(ascii: " ")]
        #expect(refusal(of: longer) == JSONError(.tooLarge(byteCount: limit + 1, limit: limit), at: limit))
        #expect(refusal(of: Array("[1]".utf8), maximumByteCount: 3) == nil)
        #expect(refusal(of: Array("[12]".utf8), maximumByteCount: 3)?.offset == 3)
    }

    @Test(arguments: [2, 16, 17, 25, 64, 65, 66, 500]) func `finds a duplicate among any number of names`(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        let names = (0..<count).map { "name\($0)" }.shuffled(using: &random)
        let unique = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(refusal(of: Array(unique.utf8)) == nil)
        let repeated = String(unique.dropLast()) + ",\"\(names[count / 2])\":2}"
        #expect(refusal(of: Array(repeated.utf8)) == JSONError(.duplicateName, at: unique.utf8.count))
    }

    @Test func `costs no quadratic time for a hostile object`() {
        // 60,000 names of one length that differ late, in descending order: pairwise it would be 1.8e9 comparisons.
        let names = (100_000..<160_000).reversed().map { "\"nnn\($0)nnn\":0" }.joined(separator: ",")
        let bytes = Array("{\(names)}".utf8)
        #expect(refusal(of: bytes, maximumByteCount: bytes.count) == nil)
    }

    @Test func `explains itself in three sentences without a value`() {
        let error = refusal(of: Array(#"{"salary":123.45}"#.utf8))
        #expect(
            error?.description
                == "a number has a decimal point or an exponent at byte 13. The document was not read, because it has "
                + "no single meaning or no canonical form. Scale it to an integer, such as cents or thousandths.")
    }
}
