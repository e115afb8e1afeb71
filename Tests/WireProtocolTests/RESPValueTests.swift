import EventModel
import NIOCore
import Testing
import WireProtocol

/// Bytes from the RESP specification, https://redis.io/docs/latest/develop/reference/protocol-spec/, unless a test says
/// otherwise.
@Suite struct `Writing values` {
    @Test func `follows the specification in both dialects`() {
        for version in RESPVersion.allCases {
            #expect(wire(.ok, version) == "+OK\r\n")
            #expect(wire(.integer(0), version) == ":0\r\n")
            #expect(wire(.integer(1000), version) == ":1000\r\n")
            #expect(wire(.integer(.min), version) == ":-9223372036854775808\r\n")
            #expect(wire(.text("hello"), version) == "$5\r\nhello\r\n")
            #expect(wire(.bulk([]), version) == "$0\r\n\r\n")
            #expect(wire(.array([]), version) == "*0\r\n")
            #expect(wire(.array([.text("hello"), .text("world")]), version) == "*2\r\n$5\r\nhello\r\n$5\r\nworld\r\n")
            #expect(
                wire(.error(code: "WRONGTYPE", message: "Operation against a key"), version)
                    == "-WRONGTYPE Operation against a key\r\n")
        }
        let nested = RESPValue.array([
            .array([.integer(1), .integer(2), .integer(3)]),
            .array([.simple("Hello"), .error(code: "World", message: "")]),
        ])
        #expect(wire(nested, .v2) == "*2\r\n*3\r\n:1\r\n:2\r\n:3\r\n*2\r\n+Hello\r\n-World \r\n")
    }

    @Test func `uses what RESP3 added only in RESP3`() {
        let map = RESPValue.map([
            .init(key: .simple("first"), value: .integer(1)), .init(key: .simple("second"), value: .integer(2)),
        ])
        #expect(wire(map, .v3) == "%2\r\n+first\r\n:1\r\n+second\r\n:2\r\n")
        #expect(wire(map, .v2) == "*4\r\n+first\r\n:1\r\n+second\r\n:2\r\n")
        #expect(wire(.null, .v3) == "_\r\n")
        #expect(wire(.null, .v2) == "$-1\r\n")
        #expect(wire(.boolean(true), .v3) == "#t\r\n")
        #expect(wire(.boolean(false), .v3) == "#f\r\n")
        #expect(wire(.boolean(true), .v2) == ":1\r\n")
        #expect(wire(.boolean(false), .v2) == ":0\r\n")
    }

    @Test func `lets no text end its line or command a terminal`() {
        #expect(
            wire(.error(code: "SYNTAX", message: "a\r\n+OK\u{1B}[2J\u{9B}b\u{0}"), .v3) == "-SYNTAX a  +OK [2J b \r\n")
        #expect(wire(.simple("a\nb"), .v2) == "+a b\r\n")
        #expect(wire(.simple("Käse"), .v2) == "+Käse\r\n")
        #expect(wire(.text("a\r\nb"), .v2) == "$4\r\na\r\nb\r\n")
    }

    @Test func `an error of ours carries its code and sentences`() {
        #expect(wire(.refusal(AppendError.empty), .v2).hasPrefix("-SYNTAX the request holds no event. Nothing"))
    }
}

@Suite struct `Reading values` {
    /// One element of every kind of RESP3, nested where that is possible.
    private static let script =
        "+OK\r\n" + "-ERR unknown command\r\n" + ":-42\r\n" + "$5\r\nhello\r\n" + "$-1\r\n" + "*-1\r\n" + "_\r\n"
        + "#t\r\n"
        + "*2\r\n:1\r\n*1\r\n$0\r\n\r\n" + "%2\r\n+first\r\n:1\r\n+second\r\n%0\r\n" + "~2\r\n+a\r\n+b\r\n"
        + ",1.23\r\n" + "(3492890328409238509324850943850943825024385\r\n" + "=15\r\ntxt:Some string\r\n"
        + "!21\r\nSYNTAX invalid syntax\r\n" + ">1\r\n*0\r\n" + "|1\r\n+key\r\n*1\r\n:1\r\n:7\r\n"
        + "*2\r\n|1\r\n+k\r\n:1\r\n+x\r\n:9\r\n"

    private static let expected: [RESPValue] = [
        .ok, .error(code: "ERR", message: "unknown command"), .integer(-42), .text("hello"), .null, .null, .null,
        .boolean(true), .array([.integer(1), .array([.bulk([])])]),
        .map([.init(key: .simple("first"), value: .integer(1)), .init(key: .simple("second"), value: .map([]))]),
        .array([.simple("a"), .simple("b")]), .text("1.23"), .text("3492890328409238509324850943850943825024385"),
        .text("Some string"), .error(code: "SYNTAX", message: "invalid syntax"), .array([.array([])]), .integer(7),
        .array([.simple("x"), .integer(9)]),
    ]

    @Test func `understands every kind, wherever the bytes are split`() throws {
        let all = bytes(Self.script)
        for split in 0...all.count {
            var reader = RESPReader()
            var buffer = ByteBuffer(bytes: all[..<split])
            var values: [RESPValue] = []
            while let value = try reader.next(from: &buffer) { values.append(value) }
            buffer.writeBytes(all[split...])
            while let value = try reader.next(from: &buffer) { values.append(value) }
            #expect(values == Self.expected, "split at byte \(split)")
        }
    }

    @Test(arguments: [
        ("x\r\n", ProtocolError.unknownKind), (":\r\n", .unknownKind), ("#x\r\n", .unknownKind),
        ("$-2\r\n", .malformedLength), ("$+1\r\n", .malformedLength), ("*\r\n", .malformedLength),
        ("$9223372036854775808\r\n", .pastBound(.reply, limit: 67_108_864)),
        ("*1048577\r\n", .pastBound(.elements, limit: 1_048_576)), ("+OK\n", .missingTerminator),
        ("$1\r\nabc", .missingTerminator), ("=3\r\nabc\r\n", .unknownKind),
        (String(repeating: "*1\r\n", count: 17), .pastBound(.depth, limit: 16)),
    ])
    func `refuses what is no reply`(_ text: String, _ expected: ProtocolError) {
        var reader = RESPReader()
        var buffer = ByteBuffer(string: text)
        #expect(throws: expected) { try reader.next(from: &buffer) }
        #expect(throws: expected) { try reader.next(from: &buffer) }
    }

    @Test func `maps are found by name in both dialects`() throws {
        let receipt = RESPValue.fields([
            "stream": .text("account-1"), "revision": .integer(4), "duplicate": .boolean(true),
        ])
        for version in RESPVersion.allCases {
            var reader = RESPReader()
            var buffer = ByteBuffer()
            receipt.write(to: &buffer, version: version)
            let value = try #require(try reader.next(from: &buffer))
            #expect(value["stream"]?.text == "account-1")
            #expect(value["revision"]?.integer == 4)
            #expect(value["duplicate"]?.boolean == true)
            #expect(value["position"] == nil)
        }
    }
}
