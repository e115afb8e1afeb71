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
