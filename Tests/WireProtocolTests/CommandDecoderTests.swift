import EventModel
import NIOCore
import SeededRandom
import Testing
import WireProtocol

@Suite struct `Decoding commands` {
    /// A RESP array as redis.io shows it for `LLEN mylist`, plain lines, empty frames, an empty argument, bytes that
    /// look like line ends, quoting, and many short arguments.
    private static let script =
        "*2\r\n$4\r\nLLEN\r\n$6\r\nmylist\r\n"
        + "PING\r\n" + "\r\n" + "*0\r\n" + "*1\r\n$4\r\nPING\r\n"
        + "*3\r\n$4\r\nECHO\r\n$0\r\n\r\n$4\r\n\r\n*1\r\n"
        + "LOG.READ \"a \\\"b\\\" \\x41\" 'it\\'s {\"x\":1}'\n"
        + "*12\r\n" + String(repeating: "$1\r\nz\r\n", count: 12) + "QUIT\r\n"

    private static let expected: [[String]] = [
        ["LLEN", "mylist"], ["PING"], ["PING"], ["ECHO", "", "\r\n*1"], ["LOG.READ", "a \"b\" A", "it's {\"x\":1}"],
        Array(repeating: "z", count: 12), ["QUIT"],
    ]

    @Test func `reads arrays of bulk strings and plain lines`() throws {
        #expect(try decodeAll(Self.script) == Self.expected)
    }

    @Test func `gives the same commands wherever the bytes are split in two`() throws {
        let all = bytes(Self.script)
        for split in 0...all.count {
            let pieces = [Array(all[..<split]), Array(all[split...])]
            #expect(try decode(pieces) == Self.expected, "split at byte \(split)")
        }
    }

    @Test func `gives the same commands byte by byte and in random pieces`() throws {
        let all = bytes(Self.script)
        #expect(try decode(all.map { [$0] }) == Self.expected)
        for seed: UInt64 in 1...200 {
            var random = SplitMix64(seed: seed)
            var pieces: [[UInt8]] = []
            var rest = all[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...30, using: &random))
                pieces.append(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(try decode(pieces) == Self.expected, "seed \(seed)")
        }
    }

    @Test func `counts the bytes of a frame on the wire`() throws {
        var decoder = CommandDecoder()
        var buffer = ByteBuffer(string: "*2\r\n$4\r\nLLEN\r\n$6\r\nmylist\r\nPING\r\n")
        #expect(try decoder.next(from: &buffer)?.byteCount == 26)
        #expect(try decoder.next(from: &buffer)?.byteCount == 6)
    }

    @Test func `takes whole arguments out of the buffer while a frame is open`() throws {
        var decoder = CommandDecoder()
        var buffer = ByteBuffer(string: "*3\r\n$4\r\nLLEN\r\n$6\r\nmyl")
        #expect(try decoder.next(from: &buffer) == nil)
        #expect(buffer.readableBytes == 3)
        #expect(decoder.isInsideFrame)
    }

    private func decode(_ pieces: [[UInt8]]) throws -> [[String]] {
        var decoder = CommandDecoder()
        var buffer = ByteBuffer()
        var commands: [[String]] = []
        for piece in pieces {
            buffer.writeBytes(piece)
            while let command = try decoder.next(from: &buffer) {
                commands.append(command.arguments.map { String(decoding: $0, as: UTF8.self) })
            }
            buffer.discardReadBytes()
        }
        #expect(!decoder.isInsideFrame)
        #expect(buffer.readableBytes == 0)
        return commands
    }
}

@Suite struct `Hostile frames` {
    @Test(arguments: [
        "*-1\r\n", "*-9223372036854775808\r\n", "*+1\r\n", "*\r\n", "*1x\r\n", "*x\r\n", "*1\n", "*01\r\n", "*1 \r\n",
        "*\u{0}\r\n", "*1\r\n$-1\r\n", "*1\r\n$+5\r\n", "*1\r\n$\r\n", "*1\r\n$5\n", "*1\r\n$0x5\r\n",
        "*0000000000000000000000000000000", "*1\r\n$1111111111111111111111111111111",
    ])
    func `with a length that is no plain number are refused`(_ frame: String) {
        #expect(protocolError(frame) == .malformedLength)
    }

    @Test(arguments: [
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "9999999999999999999", "25765",
    ])
    func `that announce more arguments than allowed are refused at the line`(_ count: String) {
        #expect(protocolError("*\(count)\r\n") == .pastBound(.arguments, limit: 25_764))
    }

    @Test(arguments: ["9223372036854775807", "9223372036854775808", "2147483647", "1048577"])
    func `that announce a longer argument than allowed are refused at the line`(_ length: String) {
        #expect(protocolError("*2\r\n$\(length)\r\n") == .pastBound(.argument, limit: 1_048_576))
    }

    @Test(arguments: ["*1\r\n:5\r\n", "*1\r\n*1\r\n", "*1\r\nPING\r\n", "*1\r\n\u{0}", "*2\r\n$1\r\na\r\n+OK\r\n"])
    func `with elements that are no bulk strings are refused`(_ frame: String) {
        #expect(protocolError(frame) == .notABulkString)
    }

    @Test(arguments: ["*1\r\n$4\r\nPINGxx", "*1\r\n$4\r\nPING\n\n", "*1\r\n$3\r\nPING\r\n", "*1\r\n$0\r\n\u{0}\u{0}"])
    func `without CR LF behind an argument are refused`(_ frame: String) {
        #expect(protocolError(frame) == .missingTerminator)
    }

    @Test func `of TLS are refused at their first byte`() {
        #expect(protocolError("\u{16}") == .notText)
        #expect(protocolError("PING\u{0}\r\n") == .notText)
        #expect(protocolError("PI\u{1B}[2J\r\n") == .notText)
    }

    @Test(arguments: [
        "POST /log HTTP/1.1\r\n", "get / HTTP/1.1\r\n", "Host: localhost\r\n", "OPTIONS * HTTP/1.1\r\n",
    ])
    func `of browsers are refused`(_ line: String) {
        #expect(protocolError(line + "\r\nLOG.READ ALL\r\n") == .http)
    }

    @Test(arguments: ["PING \"a\r\n", "PING 'a\r\n", "PING \"a\"b\r\n", "PING a\"b\"\r\n", "PING \"a\\\r\n"])
    func `with unbalanced quotation marks are refused`(_ line: String) {
        #expect(protocolError(line) == .unbalancedQuotes)
    }

    @Test func `stop the decoder for good`() {
        var decoder = CommandDecoder()
        var buffer = ByteBuffer(string: "*x\r\n*1\r\n$4\r\nPING\r\n")
        #expect(throws: ProtocolError.malformedLength) { try decoder.next(from: &buffer) }
        buffer.moveReaderIndex(forwardBy: 4)
        #expect(throws: ProtocolError.malformedLength) { try decoder.next(from: &buffer) }
    }

    @Test func `of random bytes never trap`() {
        let alphabet = bytes("*$:+-_0123456789\r\n\r\n\"'\\x aP\u{0}\u{7F}") + [0xFF, 0xC3]
        for seed: UInt64 in 1...3000 {
            var random = SplitMix64(seed: seed)
            var decoder = CommandDecoder()
            var reader = RESPReader()
            let noise = (0..<40).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            var first = ByteBuffer(bytes: noise)
            var second = first
            var count = 0
            do {
                while try decoder.next(from: &first) != nil { count += 1 }
            } catch {}
            do {
                while try reader.next(from: &second) != nil { count += 1 }
            } catch {}
            #expect(count <= 40, "seed \(seed)")
        }
    }

    @Test func `every error speaks in three sentences`() {
        let errors: [ProtocolError] = [
            .malformedLength, .pastBound(.frame, limit: 1), .pastBound(.firstFrame, limit: 1), .notABulkString,
            .missingTerminator, .notText, .unbalancedQuotes, .http, .unknownKind,
        ]
        for error in errors {
            #expect(error.description.split(separator: ". ").count >= 3, "\(error)")
            #expect(error.description.hasSuffix("."))
        }
    }
}

@Suite struct `Bounds of a frame` {
    /// A frame of exactly so many bytes: a name, and one argument of the rest.
    private func frame(byteCount: Int) -> [UInt8] {
        let head = "*2\r\n$4\r\nECHO\r\n"
        var length = byteCount - head.utf8.count - 2
        while head.utf8.count + "$\(length)\r\n".utf8.count + length + 2 > byteCount { length -= 1 }
        let frame = bytes(head + "$\(length)\r\n") + [UInt8](repeating: 0x78, count: length) + bytes("\r\n")
        precondition(frame.count == byteCount)
        return frame
    }

    private func established() throws -> CommandDecoder {
        var decoder = CommandDecoder()
        var hello = ByteBuffer(string: "HELLO 3\r\n")
        #expect(try decoder.next(from: &hello) != nil)
        return decoder
    }

    @Test func `the first frame may have 4096 bytes and not one more`() throws {
        var decoder = CommandDecoder()
        var buffer = ByteBuffer(bytes: frame(byteCount: 4096))
        #expect(try decoder.next(from: &buffer)?.byteCount == 4096)

        var refusing = CommandDecoder()
        var onlyHeader = ByteBuffer(bytes: frame(byteCount: 4097).prefix(22))
        #expect(throws: ProtocolError.pastBound(.firstFrame, limit: 4096)) { try refusing.next(from: &onlyHeader) }
    }

    @Test func `an argument may have a mebibyte and not one byte more`() throws {
        var decoder = try established()
        let length = Limits.requestByteCountMax
        var buffer = ByteBuffer(string: "*2\r\n$1\r\na\r\n$\(length)\r\n")
        #expect(try decoder.next(from: &buffer) == nil)
        buffer.writeRepeatingByte(0x78, count: length)
        #expect(try decoder.next(from: &buffer) == nil)
        buffer.writeString("\r\n")
        #expect(try decoder.next(from: &buffer)?.arguments.last?.count == length)

        var refusing = try established()
        var past = ByteBuffer(string: "*2\r\n$1\r\na\r\n$\(length + 1)\r\n")
        #expect(throws: ProtocolError.pastBound(.argument, limit: length)) { try refusing.next(from: &past) }
    }

    @Test func `a command may have as many arguments as the largest append`() throws {
        var decoder = try established()
        var buffer = ByteBuffer(string: "*25764\r\n" + String(repeating: "$1\r\na\r\n", count: 25_764))
        #expect(try decoder.next(from: &buffer)?.arguments.count == 25_764)
    }

    @Test func `all arguments together are bounded too`() throws {
        var decoder = try established()
        let half = Limits.requestByteCountMax / 2 + WireLimits.frameOverheadByteCountMax
        var buffer = ByteBuffer(string: "*2\r\n$\(half)\r\n")
        buffer.writeRepeatingByte(0x78, count: half)
        buffer.writeString("\r\n$\(half)\r\n")
        let limit = Limits.requestByteCountMax + WireLimits.frameOverheadByteCountMax
        #expect(throws: ProtocolError.pastBound(.frame, limit: limit)) { try decoder.next(from: &buffer) }
    }

    @Test func `a plain line may have 4096 bytes before its end and not one more`() throws {
        var decoder = try established()
        var buffer = ByteBuffer(string: "PING " + String(repeating: "x", count: 4091) + "\n")
        #expect(try decoder.next(from: &buffer)?.arguments.last?.count == 4091)

        var refusing = try established()
        var past = ByteBuffer(string: "PING " + String(repeating: "x", count: 4092))
        #expect(throws: ProtocolError.pastBound(.inline, limit: 4096)) { try refusing.next(from: &past) }
    }

    @Test func `an announced length reserves nothing`() throws {
        var decoder = try established()
        var buffer = ByteBuffer(string: "*8192\r\n$1048576\r\n")
        let capacity = buffer.capacity
        #expect(try decoder.next(from: &buffer) == nil)
        #expect(buffer.capacity == capacity)
    }
}
