import CanonicalJSON
import SeededRandom
import Testing

/// The canonical form of a document, as text.
func canonical(_ document: String) throws -> String {
    String(decoding: try JSONDocument(parsing: Array(document.utf8)).root.canonicalBytes, as: UTF8.self)
}

@Suite struct `Canonical JSON` {
    @Test func `sorts members by UTF-16 code units, as in the sample of RFC 8785 section 3.2.3`() throws {
        let document = #"""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """#
        let expected =
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
            + "\"\u{F6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20AC}\":\"Euro Sign\","
            + "\"\u{1F600}\":\"Emoji: Grinning Face\",\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        #expect(try canonical(document) == expected)
        #expect(try JSON(parsing: Array(document.utf8)).canonicalText == expected)
    }

    @Test func `writes texts and literals as in the sample of RFC 8785 section 3.2.2`() throws {
        let document = #"""
            {
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        #expect(
            try canonical(document)
                == #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#)
    }

    @Test(arguments: [
        // From the test data that the authors of RFC 8785 publish beside it (cyberphone/json-canonicalization).
        (
            #"{"1": {"f": {"f": "hi","F": 5} ,"\n": 56}, "10": { }, "": "empty", "#
                + #""a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { }}"#,
            #"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#
        ),
        (
            #"{"peach": "This sorting order","péché": "is wrong according to French","#
                + #""pêche": "but canonicalization MUST","sin":   "ignore locale"}"#,
            #"{"peach":"This sorting order","péché":"is wrong according to French","#
                + #""pêche":"but canonicalization MUST","sin":"ignore locale"}"#
        ),
        (#"{"Unnormalized Unicode":"A\u030a"}"#, "{\"Unnormalized Unicode\":\"A\u{30A}\"}"),
        (#"[56, {"d": true, "10": null, "1": [ ]}]"#, #"[56,{"1":[],"10":null,"d":true}]"#),
    ])
    func `agrees with the published samples`(document: String, expected: String) throws {
        #expect(Array(try canonical(document).utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        (#""\u0000\u0001\u001F""#, #""\u0000\u0001\u001f""#),
        (#""\u0008\u0009\u000A\u000C\u000D""#, #""\b\t\n\f\r""#),
        (#""\u007f\u2028""#, "\"\u{7F}\u{2028}\""),
        (#""\/\u002f""#, #""//""#),
        (#""\uD83D\uDE00""#, "\"😀\""),
        ("-0", "0"),
        ("[-0,0]", "[0,0]"),
        (" \t\r\n[ ] \n", "[]"),
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991", "-9007199254740991"),
    ])
    func `has one spelling for each scalar`(document: String, expected: String) throws {
        #expect(Array(try canonical(document).utf8) == Array(expected.utf8))
    }

    @Test func `has the same bytes for every spelling of a value`() throws {
        let seed: UInt64 = 20_260_105
        var random = SplitMix64(seed: seed)
        for round in 0..<3000 {
            let value = RandomJSON.value(depth: 4, using: &random)
            let expected = value.canonicalBytes
            let document = RandomJSON.spelling(of: value, using: &random)
            let root = try JSONDocument(parsing: document).root
            #expect(root.canonicalBytes == expected, "seed \(seed), round \(round)")
            #expect(JSON(root) == value, "seed \(seed), round \(round)")
            let again = try JSONDocument(parsing: expected).root
            #expect(again.canonicalBytes == expected, "seed \(seed), round \(round)")
        }
    }

    @Test func `of a part is that part of the whole`() throws {
        let document = Array(#"{"b": [1, {"y":2,"x":3}], "a": {"k":"v"}}"#.utf8)
        let root = try JSONDocument(parsing: document).root
        #expect(root["a"]?.canonicalBytes == Array(#"{"k":"v"}"#.utf8))
        #expect(root["b"]?.canonicalBytes == Array(#"[1,{"x":3,"y":2}]"#.utf8))
    }
}
