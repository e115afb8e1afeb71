import Foundation
import Testing
import Zstd

/// Judged by the `zstd` command, which shares the library and none of our code.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zstd")))
struct `A zstd stream` {
    private static func compressed(_ bytes: [UInt8], _ arguments: String...) throws -> [UInt8] {
        try withTemporaryDirectory { directory throws in
            let source = URL(fileURLWithPath: directory + "/plain")
            try Data(bytes).write(to: source)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/zstd")
            process.arguments = ["-q"] + arguments + [source.path, "-o", directory + "/packed"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return Array(try Data(contentsOf: URL(fileURLWithPath: directory + "/packed")))
        }
    }

    private static func unpacked(_ bytes: [UInt8], pieceByteCount: Int = 65_536) throws -> [UInt8] {
        let decompressor = Decompressor()
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
            try decompressor.decompress(Array(bytes[start..<min(start + pieceByteCount, bytes.count)])) { piece in
                #expect(piece.count <= 128 << 10)
                output += piece
            }
        }
        try decompressor.finish()
        return output
    }

    private static let lines = Array((0..<20_000).map { "line \($0 % 977) of \($0)\n" }.joined().utf8)

    @Test(arguments: [1, 7, 4096, 1 << 20])
    func `comes out as it went in, in pieces of any size`(pieceByteCount: Int) throws {
        let packed = try Self.compressed(Self.lines)
        #expect(packed.count < Self.lines.count / 2)
        #expect(try Self.unpacked(packed, pieceByteCount: pieceByteCount) == Self.lines)
    }

    /// The last piece fills the buffer exactly: the stream has ended all the same.
    @Test(arguments: [0, 1, 131_071, 131_072, 131_073, 262_144, 1 << 20])
    func `of any length ends where it ends`(count: Int) throws {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 1000) }
        #expect(try Self.unpacked(Self.compressed(plain)) == plain)
    }

    @Test func `may have several frames`() throws {
        let packed = try Self.compressed(Array("first ".utf8)) + Self.compressed(Array("second".utf8))
        #expect(String(decoding: try Self.unpacked(packed), as: UTF8.self) == "first second")
    }

    @Test func `that stops early is refused at its end`() throws {
        let packed = try Self.compressed(Self.lines, "--check")
        for count in [1, 3, 5, 100, packed.count / 2, packed.count - 1] {
            #expect(throws: ZstdError.self, "cut at \(count)") { try Self.unpacked(Array(packed[..<count])) }
        }
    }

    @Test func `with flipped bytes is refused`() throws {
        let packed = try Self.compressed(Self.lines, "--check")
        for place in stride(from: 0, to: packed.count, by: max(1, packed.count / 200)) {
            var damaged = packed
            damaged[place] ^= 0x55
            let output = try? Self.unpacked(damaged)
            #expect(output == nil || output == Self.lines, "byte \(place)")
        }
    }

    @Test func `that is something else is refused`() {
        #expect(throws: ZstdError.self) { try Self.unpacked(Array("{\"specversion\":\"1.0\"}\n".utf8)) }
    }

    @Test func `may not ask for a window of more than eight mebibytes`() throws {
        let plain = [UInt8](repeating: 7, count: 40 << 20)
        #expect(try Self.unpacked(Self.compressed(plain, "-19")).count == plain.count)
        #expect(throws: ZstdError.self) { try Self.unpacked(Self.compressed(plain, "--ultra", "-22", "--long=27")) }
    }

    @Test func `hands on what its reader throws`() throws {
        struct Enough: Error {}
        let packed = try Self.compressed(Self.lines)
        #expect(throws: Enough.self) { try Decompressor().decompress(packed) { _ in throw Enough() } }
    }
}

/// Judged by the `zstd` command too.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zstd")))
struct `A dictionary of frames` {
    /// Short texts that have much in common.
    private static func texts(_ numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { number in
            Array(
                #"{"currency":"EUR","invoice":\#(number * 7919 % 100_003),"lines":[{"sku":"\#(number % 613)"}]}"#.utf8)
        }
    }

    private static func trained(id: UInt32 = 40_000) throws -> [UInt8] {
        try FrameDictionary.trained(on: texts(0..<4_000), byteCount: 4096, id: id)
    }

    @Test func `makes small frames smaller, and zstd unpacks them with it`() throws {
        let dictionary = try Self.trained()
        let plain = Self.texts(9_000..<9_004).flatMap { $0 }
        let frame = try Compressor(dictionary: dictionary).compress(plain.span)
        #expect(frame.count * 4 < (try Compressor().compress(plain.span)).count * 3)
        #expect(FrameDictionary.id(namedBy: frame.span) == 40_000)
        let opened = try FrameOpener().open(frame, byteCount: plain.count, with: FrameDictionary(dictionary))
        #expect(opened == plain)
        try withTemporaryDirectory { directory throws in
            try Data(dictionary).write(to: URL(fileURLWithPath: directory + "/dictionary"))
            try Data(frame).write(to: URL(fileURLWithPath: directory + "/packed"))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/zstd")
            process.arguments = [
                "-q", "-d", "-D", directory + "/dictionary", directory + "/packed", "-o", directory + "/plain",
            ]
            try process.run()
            process.waitUntilExit()
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/plain")) == Data(plain))
        }
    }

    @Test func `lends the same bytes as it hands out, one frame after the other`() throws {
        let dictionary = try Self.trained()
        let (compressor, opener) = (Compressor(dictionary: dictionary), FrameOpener())
        let opened = try FrameDictionary(dictionary)
        for count in [4, 4000, 1, 40, 30_000, 2] {
            let plain = Self.texts(9_000..<9_000 + count).flatMap { $0 }
            var frame = try compressor.compress(plain.span)
            let lent = try opener.withOpened(frame.span, byteCount: plain.count, with: opened) { bytes in
                bytes.indices.map { bytes[$0] }
            }
            #expect(lent == plain)
            for wrong in [plain.count - 1, plain.count + 1, 0] {
                #expect(throws: ZstdError.self) {
                    try opener.withOpened(frame.span, byteCount: wrong, with: opened) { $0.count }
                }
            }
            frame[frame.count - 1] ^= 1
            #expect(throws: ZstdError.self) {
                try opener.withOpened(frame.span, byteCount: plain.count, with: opened) { $0.count }
            }
        }
    }

    @Test func `is needed: without it, or with another, a frame is refused`() throws {
        let dictionary = try Self.trained()
        let plain = Self.texts(9_000..<9_004).flatMap { $0 }
        let frame = try Compressor(dictionary: dictionary).compress(plain.span)
        let other = try FrameDictionary(Self.trained(id: 40_001))
        #expect(throws: ZstdError.self) { try FrameOpener().open(frame, byteCount: plain.count) }
        #expect(throws: ZstdError.self) { try FrameOpener().open(frame, byteCount: plain.count, with: other) }
        let bare = try Compressor().compress(plain.span)
        #expect(FrameDictionary.id(namedBy: bare.span) == 0)
        #expect(try FrameOpener().open(bare, byteCount: plain.count, with: other) == plain)
    }

    @Test func `is not made from nothing, nor from other bytes`() {
        #expect(throws: ZstdError.self) { try FrameDictionary.trained(on: [], byteCount: 4096, id: 40_000) }
        #expect(throws: ZstdError.self) { try FrameDictionary([]) }
        #expect(throws: ZstdError.self) { try FrameDictionary(Array(0...255)) }
    }
}
