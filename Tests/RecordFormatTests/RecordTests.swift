import EventModel
import RecordFormat
import SeededRandom
import Testing

@Suite struct `A record` {
    private func encode(_ event: RecordedEvent) -> [UInt8] {
        Record.bytes(of: event)
    }

    private func decode(_ bytes: [UInt8], at position: Position = .origin) throws(RecordError) -> RecordedEvent {
        let span = bytes.span
        let view = try RecordView(span, at: position)
        return try view.event()
    }

    @Test func `has the layout that its comment promises`() {
        let event = RecordedEvent(
            position: Position(0x0102), stream: StreamName(recorded: "account-1"), revision: Revision(3),
            time: Timestamp(milliseconds: -1), recorded: Timestamp(milliseconds: 258),
            content: EventContent(type: "t.x", schema: 7, key: EventKey(source: "s", id: "i"), data: [0x7B, 0x7D]))
        let expected = bytes(
            hex: """
                3c000000 00 000000 07000000 0300000000000000 ffffffffffffffff 0201000000000000
                09 6163636f756e742d31 03 742e78 01 73 01 69 00 00 00 00 7b7d
                """)
        #expect(encode(event) == expected)
    }

    @Test func `comes back as it went in, whatever the fields hold`() throws {
        let seed: UInt64 = 0x5EED_0001
        var random = SplitMix64(seed: seed)
        for round in 0..<500 {
            let event = RecordedEvent.drawn(&random, at: Position(UInt64(round)))
            #expect(try decode(encode(event), at: event.position) == event, "seed \(seed), round \(round)")
        }
    }

    @Test func `is read in place field by field`() throws {
        let seed: UInt64 = 0x5EED_0005
        var random = SplitMix64(seed: seed)
        for round in 0..<200 {
            let event = RecordedEvent.drawn(&random, at: Position(UInt64(round)))
            let bytes = encode(event)
            let span = bytes.span
            let view = try RecordView(span, at: event.position)
            #expect(view.has(.stream, event.stream.text) && view.has(.type, event.content.type))
            #expect(view.has(.id, event.content.key.id) && !view.has(.id, event.content.key.id + "x"))
            #expect(view.revision == event.revision && view.time == event.time && view.recorded == event.recorded)
            #expect(view.data.count == event.content.data.count, "seed \(seed), round \(round)")
            #expect(view.schema == event.content.schema)
        }
    }

    @Test func `is refused when it stops early, wherever that is`() {
        let whole = encode(`The Merkle leaf`.created)
        for count in 0..<whole.count {
            #expect(throws: RecordError.self, "cut at \(count)") { try decode(Array(whole[..<count])) }
        }
    }

    @Test func `is refused with bytes behind it`() {
        #expect(throws: RecordError.form("byte count")) { try decode(encode(`The Merkle leaf`.created) + [0]) }
    }

    /// Checksums stand around runs of records; behind a right one, the form must hold by itself.
    @Test func `never traps on noise or on forged bytes`() {
        let seed: UInt64 = 0x5EED_0004
        var random = SplitMix64(seed: seed)
        for round in 0..<20_000 {
            let noise = random.bytes(Int.random(in: 0...400, using: &random))
            #expect(throws: RecordError.self, "seed \(seed), round \(round)") { try decode(noise) }
            var forged = encode(RecordedEvent.drawn(&random, at: .origin))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<forged.count, using: &random)
                forged[place] = UInt8(truncatingIfNeeded: random.next())
            }
            if let event = try? decode(forged) { #expect(event.position == .origin, "seed \(seed)") }
        }
    }
}
