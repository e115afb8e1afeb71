import EventModel
import RecordFormat
import Testing

/// Events at consecutive positions.
private func events(_ count: Int, from first: UInt64, seed: UInt64) -> [RecordedEvent] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { RecordedEvent.drawn(&random, at: Position(first + UInt64($0))) }
}

private let someLog = String(repeating: "0123456789abcdef", count: 2)

private func frame(_ events: [RecordedEvent]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: JournalFrame.headerByteCount)
    for event in events { bytes += Record.bytes(of: event) }
    JournalFrame.seal(&bytes, first: events[0].position, count: events.count, of: someLog)
    return bytes
}

@Suite struct `A journal frame` {
    @Test func `has the layout that its comment promises`() {
        let event = RecordedEvent(
            position: Position(5), stream: StreamName(recorded: "a-1"), revision: .first,
            time: Timestamp(milliseconds: 0), recorded: Timestamp(milliseconds: 0),
            content: EventContent(type: "t", key: EventKey(source: "s", id: "i")))
        let bytes = frame([event])
        #expect(Array(bytes[..<8]) == [0xFF, 0x52, 0x50, 0x4A, 0x52, 0x4E, 0x4C, 0x02])
        #expect(Array(bytes[16..<32]) == [5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, UInt8(bytes.count), 0, 0, 0])
        // The seed is what python-xxhash says of the identity.
        let checksum = XXH64.hash(bytes.span, from: 16, seed: 0x642A_9495_8E71_E6C5)
        #expect((0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * UInt64($0))) } == Array(bytes[8..<16]))
        #expect(JournalFrame.paddedByteCount(bytes.count) == 4096)
        #expect(JournalFrame.paddedByteCount(4096) == 4096 && JournalFrame.paddedByteCount(4097) == 8192)
    }

    @Test func `gives back its events`() throws {
        let events = events(40, from: 1_000, seed: 1)
        let run = try JournalFrame.run(frame(events), of: someLog)
        #expect(run.first == Position(1_000) && run.end == Position(1_040) && run.count == 40)
        for event in events { #expect(try run.event(at: event.position) == event) }
        var walked: [Position] = []
        let next = try run.forEach(from: Position(1_010), .forward) { record in
            walked.append(record.position)
            return true
        }
        #expect(walked == (1_010..<1_040).map { Position($0) } && next == Position(1_040))
        walked = []
        let before = try run.forEach(from: Position(1_002), .backward) { record in
            walked.append(record.position)
            return true
        }
        #expect(walked == [Position(1_002), Position(1_001), Position(1_000)] && before == Position(999))
    }

    @Test func `is refused when one bit has flipped, whichever it is`() {
        let whole = frame(events(2, from: 7, seed: 2))
        for place in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[place] ^= 1 << UInt8(bit)
                #expect(throws: RecordError.self, "byte \(place), bit \(bit)") {
                    try JournalFrame.run(damaged, of: someLog)
                }
            }
        }
    }

    @Test func `is refused in another log`() {
        let other = someLog.replacing("0", with: "1")
        #expect(throws: RecordError.checksum) { try JournalFrame.run(frame(events(2, from: 7, seed: 4)), of: other) }
    }

    @Test func `is refused when it stops early, wherever that is`() {
        let whole = frame(events(2, from: 7, seed: 3))
        for count in 0..<whole.count {
            #expect(throws: RecordError.self) { try JournalFrame.run(Array(whole[..<count]), of: someLog) }
        }
    }
}

@Suite struct `A sealed block` {
    /// Parts whose frames are noise: what is inside is the business of zstd.
    private func block(parts: Int, key: UInt64) -> (bytes: [UInt8], frames: [[UInt8]]) {
        var random = SplitMix64(seed: 11)
        let frames = (0..<parts).map { _ in random.bytes(Int.random(in: 1...300, using: &random)) }
        return (SealedBlock.encode(key: key, frames.map { ($0.count * 5, $0) }), frames)
    }

    private func part(_ number: UInt64, of bytes: [UInt8], key: UInt64) throws(RecordError) -> SealedBlock.Part? {
        let block = try SealedBlock(bytes.span, key: key)
        return block.numbers.contains(number) ? try block.part(number) : nil
    }

    @Test(arguments: [1, 2, 32]) func `gives back its parts by number`(count: Int) throws {
        let (bytes, frames) = block(parts: count, key: 30)
        #expect(try SealedBlock(bytes.span, key: 30).numbers == 30..<30 + UInt64(count))
        for place in 0..<count {
            let part = try #require(try part(30 + UInt64(place), of: bytes, key: 30))
            #expect(part.frame == frames[place] && part.byteCount == frames[place].count * 5)
            #expect(part.first == Position((30 + UInt64(place)) * 32))
        }
        #expect(try part(30 + UInt64(count), of: bytes, key: 30) == nil)
        #expect(try part(29, of: bytes, key: 30) == nil)
    }

    @Test func `is refused under another key`() {
        let bytes = block(parts: 3, key: 30).bytes
        #expect(throws: RecordError.misplaced(Position(30 * 32))) { try part(31, of: bytes, key: 31) }
    }

    @Test func `never gives a part that is not what was written`() {
        let (whole, frames) = block(parts: 3, key: 30)
        for place in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[place] ^= 1 << UInt8(bit)
                for number in 0..<3 {
                    guard let part = try? part(30 + UInt64(number), of: damaged, key: 30) else { continue }
                    #expect(part.frame == frames[number], "byte \(place), bit \(bit)")
                }
            }
        }
    }

    @Test func `is refused when it stops early, wherever that is`() {
        let whole = block(parts: 3, key: 30).bytes
        for count in 0..<whole.count {
            #expect(throws: RecordError.self) { try part(30, of: Array(whole[..<count]), key: 30) }
        }
    }

    @Test func `never traps on noise`() {
        var random = SplitMix64(seed: 13)
        for _ in 0..<5_000 {
            let noise = random.bytes(Int.random(in: 0...400, using: &random))
            #expect(throws: RecordError.self) { try part(0, of: noise, key: 0) }
        }
    }
}

@Suite struct `A dictionary of blocks` {
    private let dictionary = BlockDictionary(id: 32_770, end: Position(7_000), bytes: Array(0...255))

    @Test func `comes back from its row, which is as long as the format says`() throws {
        let row = dictionary.row
        #expect(row.count == 24 + 256)
        #expect(try BlockDictionary(row.span, id: 32_770) == dictionary)
    }

    @Test func `is refused under another id, changed by a bit, or cut`() {
        let row = dictionary.row
        #expect(throws: RecordError.form("dictionary's id")) { try BlockDictionary(row.span, id: 32_771) }
        for place in row.indices {
            for bit in 0..<8 {
                var damaged = row
                damaged[place] ^= 1 << UInt8(bit)
                #expect(throws: RecordError.self, "byte \(place)") { try BlockDictionary(damaged.span, id: 32_770) }
            }
            let cut = Array(row[..<place])
            #expect(throws: RecordError.self) { try BlockDictionary(cut.span, id: 32_770) }
        }
    }
}
