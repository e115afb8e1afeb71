import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import ProjectionRuntime

@Suite struct `Rows` {
    /// Every kind of field, nested.
    private struct Everything: RowValue, Hashable {
        var number: Int64
        var maybe: Int64?
        var text: String
        var maybeText: String?
        var flag: Bool
        var time: Timestamp
        var list: [[Int64]]

        init(_ random: inout SplitMix64) {
            number = Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random))
            maybe = Bool.random(using: &random) ? Int64(bitPattern: random.next()) : nil
            let letters = ["a", "\u{0}", "é", "e\u{301}", "水", "🜁", "\n"]
            text = (0..<Int.random(in: 0..<200, using: &random))
                .compactMap { _ in letters.randomElement(using: &random) }.joined()
            maybeText = Bool.random(using: &random) ? text : nil
            flag = Bool.random(using: &random)
            time = Timestamp(milliseconds: Int64(bitPattern: random.next()))
            list = (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in Int64(bitPattern: random.next()) }
            }
        }

        func encode(to encoder: inout RowEncoder) {
            encoder.integer(number)
            encoder.optionalInteger(maybe)
            encoder.text(text)
            encoder.optionalText(maybeText)
            encoder.boolean(flag)
            encoder.timestamp(time)
            encoder.list(list) { row, inner in row.list(inner) { $0.integer($1) } }
        }

        init(from decoder: inout RowDecoder) throws(RowError) {
            number = try decoder.integer()
            maybe = try decoder.optionalInteger()
            text = try decoder.text()
            maybeText = try decoder.optionalText()
            flag = try decoder.boolean()
            time = try decoder.timestamp()
            list = try decoder.list { row throws(RowError) in
                try row.list { inner throws(RowError) in try inner.integer() }
            }
        }
    }

    @Test func `come back as they went in, byte for byte`() throws {
        let seed: UInt64 = 0xC0DE
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let row = Everything(&random)
            var encoder = RowEncoder()
            row.encode(to: &encoder)
            var decoder = RowDecoder(encoder.bytes)
            let decoded = try Everything(from: &decoder)
            #expect(decoded == row && decoder.isAtEnd, "seed \(seed)")
            #expect(Array(decoded.text.utf8) == Array(row.text.utf8), "canonical equivalence is not enough")
        }
    }

    @Test func `that stop early are refused, wherever that is`() {
        var random = SplitMix64(seed: 0xC0DF)
        for _ in 0..<50 {
            let row = Everything(&random)
            var encoder = RowEncoder()
            row.encode(to: &encoder)
            for count in encoder.bytes.indices {
                #expect(throws: RowError.self) {
                    var decoder = RowDecoder(Array(encoder.bytes[..<count]))
                    _ = try Everything(from: &decoder)
                }
            }
        }
    }

    @Test func `of random bytes never trap`() {
        var random = SplitMix64(seed: 0xC0E0)
        for _ in 0..<20_000 {
            let noise = (0..<Int.random(in: 0..<60, using: &random)).map { _ in UInt8(truncatingIfNeeded: random.next())
            }
            var decoder = RowDecoder(noise)
            _ = try? Everything(from: &decoder)
        }
    }

    /// Zigzag LEB128 of Protocol Buffers' encoding guide: 0, -1, 1, -2 are 0, 1, 2, 3; 300 unsigned is AC 02.
    @Test(
        arguments: [
            (0, [0]), (-1, [1]), (1, [2]), (-2, [3]), (63, [126]), (-64, [127]), (64, [0x80, 1]), (150, [0xAC, 0x02]),
            (.max, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            (.min, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
        ] as [(Int64, [UInt8])])
    func `write integers as zigzag varints`(value: Int64, bytes: [UInt8]) throws {
        var encoder = RowEncoder()
        encoder.integer(value)
        #expect(encoder.bytes == bytes)
        var decoder = RowDecoder(bytes)
        #expect(try decoder.integer() == value)
    }
}

@Suite struct `Keys` {
    private struct Pair: RowKey {
        var name: String
        var number: UInt64

        func encode(to encoder: inout KeyEncoder) {
            encoder.text(name)
            encoder.unsigned(number)
        }

        init(name: String, number: UInt64) {
            self.name = name
            self.number = number
        }

        init(from decoder: inout KeyDecoder) throws(RowError) {
            name = try decoder.text()
            number = try decoder.unsigned()
        }
    }

    @Test func `sort as their bytes do, part by part`() throws {
        let seed: UInt64 = 0x5047
        var random = SplitMix64(seed: seed)
        func draw() -> Pair {
            let letters = ["a", "b", "ab", "-", "~", "Z", "0", "é", "水"]
            let name = (0..<Int.random(in: 0..<4, using: &random)).compactMap { _ in
                letters.randomElement(using: &random)
            }
            let number = random.next() >> UInt64.random(in: 0..<64, using: &random)
            return Pair(name: name.joined(), number: number)
        }
        for _ in 0..<5000 {
            let (left, right) = (draw(), draw())
            let names = (Array(left.name.utf8), Array(right.name.utf8))
            let expected =
                names.0 == names.1
                ? left.number < right.number : names.0.lexicographicallyPrecedes(names.1)
            #expect(left.keyBytes.lexicographicallyPrecedes(right.keyBytes) == expected, "seed \(seed)")
            var decoder = KeyDecoder(left.keyBytes)
            #expect(try Pair(from: &decoder) == left)
        }
    }

    @Test func `that stop early are refused`() {
        let bytes = Pair(name: "abc", number: 7).keyBytes
        for count in bytes.indices {
            #expect(throws: RowError.self) {
                var decoder = KeyDecoder(Array(bytes[..<count]))
                _ = try Pair(from: &decoder)
            }
        }
    }

    @Test func `of the longest ids fit into what LMDB takes`() {
        let id = String(repeating: "x", count: 128)
        var encoder = KeyEncoder()
        for _ in 0..<3 { encoder.text(id) }
        for _ in 0..<2 { encoder.position(Position(.max)) }
        #expect(encoder.bytes.count <= 511)
    }
}
