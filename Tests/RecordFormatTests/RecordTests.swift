import EventModel
import RecordFormat
import Testing

@Suite struct `A record` {
    private func decode(_ bytes: [UInt8], at position: Position = .origin) throws(RecordError) -> RecordedEvent {
        try Record.decode(bytes.span, at: position)
    }

    @Test func `has the layout that its comment promises`() {
        let event = RecordedEvent(
            position: Position(0x0102), stream: StreamName(recorded: "account-1"), revision: Revision(3),
            time: Timestamp(milliseconds: -1), recorded: Timestamp(milliseconds: 258),
            content: EventContent(type: "t.x", schema: 7, key: EventKey(source: "s", id: "i"), data: [0x7B, 0x7D]))
        let expected = bytes(
            hex: """
                01 00 0000 07000000 0201000000000000 0300000000000000 ffffffffffffffff 0201000000000000 02000000
                09 6163636f756e742d31 03 742e78 01 73 01 69 00 00 00 00 7b7d
                """)
        #expect(Array(Record.encode(event).dropFirst(8)) == expected)
    }

    @Test func `comes back as it went in, whatever the fields hold`() throws {
        let seed: UInt64 = 0x5EED_0001
        var random = SplitMix64(seed: seed)
        for round in 0..<500 {
            let event = RecordedEvent.drawn(&random, at: Position(UInt64(round)))
            let decoded = try decode(Record.encode(event), at: event.position)
            #expect(decoded == event, "seed \(seed), round \(round)")
        }
    }

    @Test func `is refused when it stops early, wherever that is`() {
        let whole = Record.encode(`The Merkle leaf`.created)
        for count in 0..<whole.count {
            #expect(throws: RecordError.self, "cut at \(count)") { try decode(Array(whole[..<count])) }
        }
    }

    @Test func `is refused when one bit has flipped, whichever it is`() {
        let whole = Record.encode(`The Merkle leaf`.created)
        for place in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[place] ^= 1 << UInt8(bit)
                #expect(throws: RecordError.self, "byte \(place), bit \(bit)") { try decode(damaged) }
            }
        }
    }

    @Test func `is refused when one byte has any other value`() {
        let seed: UInt64 = 0x5EED_0002
        var random = SplitMix64(seed: seed)
        let event = RecordedEvent.drawn(&random, at: Position(9))
        let whole = Record.encode(event)
        for place in whole.indices {
            var damaged = whole
            damaged[place] = damaged[place] &+ UInt8.random(in: 1...255, using: &random)
            #expect(throws: RecordError.checksum, "seed \(seed), byte \(place)") {
                try decode(damaged, at: Position(9))
            }
        }
    }

    @Test func `is refused with bytes behind it`() {
        let whole = Record.encode(`The Merkle leaf`.created)
        #expect(throws: RecordError.checksum) { try decode(whole + [0]) }
    }

    @Test func `is refused at another position than its own`() {
        let whole = Record.encode(`The Merkle leaf`.linked)
        #expect(throws: RecordError.misplaced(Position(1))) { try decode(whole, at: Position(2)) }
        #expect(throws: RecordError.misplaced(Position(1))) { try decode(whole, at: .origin) }
    }

    @Test func `is refused as random bytes, and nothing traps`() {
        let seed: UInt64 = 0x5EED_0003
        var random = SplitMix64(seed: seed)
        for round in 0..<20_000 {
            let noise = random.bytes(Int.random(in: 0...400, using: &random))
            #expect(throws: RecordError.self, "seed \(seed), round \(round)") { try decode(noise) }
        }
    }

    /// The checksum finds accidents; here a forger has put it right, and the form must hold by itself.
    @Test func `never traps on forged bytes behind a right checksum`() {
        let seed: UInt64 = 0x5EED_0004
        var random = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            var forged = Record.encode(RecordedEvent.drawn(&random, at: .origin))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 8..<forged.count, using: &random)
                forged[place] = UInt8(truncatingIfNeeded: random.next())
            }
            if Bool.random(using: &random) { forged.removeLast(Int.random(in: 0...forged.count - 8, using: &random)) }
            let checksum = XXH64.hash(forged.span, from: 8)
            for place in 0..<8 { forged[place] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * place)) }
            if let event = try? decode(forged) { #expect(event.position == .origin, "seed \(seed)") }
        }
    }
}
