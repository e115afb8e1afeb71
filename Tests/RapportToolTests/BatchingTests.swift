import EventModel
import ImportMapping
import Testing

@Suite struct `Lines of a file` {
    @Test func `are numbered from 1, blank ones included`() {
        #expect(
            split("{\"a\":1}\n\n  \r\n{\"b\":2}\r\n{\"c\":3}") == [
                .text(number: 1, bytes: Array("{\"a\":1}".utf8)), .text(number: 4, bytes: Array("{\"b\":2}".utf8)),
                .text(number: 5, bytes: Array("{\"c\":3}".utf8)),
            ])
    }

    @Test func `are the same however the file is cut into chunks`() {
        let bytes = Array("\u{FEFF}one\r\ntwo is too long\n\nthree\r\n".utf8)
        let expected = split(String(decoding: bytes, as: UTF8.self))
        #expect(expected.count == 3)
        for cut in 0...bytes.count {
            var splitter = LineSplitter(byteCountMax: 10)
            let lines = splitter.read(Array(bytes[..<cut])) + splitter.read(Array(bytes[cut...])) + splitter.finish()
            #expect(lines == expected, "cut at byte \(cut)")
        }
    }

    @Test func `are kept up to the limit and not one byte past it`() {
        #expect(split("0123456789\n") == [.text(number: 1, bytes: Array("0123456789".utf8))])
        #expect(split("01234567890\nx\n").first == .tooLong(number: 1, byteCount: 11))
    }

    private func split(_ text: String) -> [LineSplitter.Line] {
        var splitter = LineSplitter(byteCountMax: 10)
        return splitter.read(Array(text.utf8)) + splitter.finish()
    }
}

@Suite struct `A batch` {
    @Test func `takes events up to its count`() {
        var batch = EventBatch()
        let taken = (1...5).map { batch.take(MappedEvent(line: $0, bytes: [0x7B, 0x7D]), countMax: 4) }
        #expect(taken == [true, true, true, true, false])
        #expect(batch.events.map(\.line) == [1, 2, 3, 4])
    }

    @Test func `stays below the bytes of a request`() {
        var batch = EventBatch()
        let event = MappedEvent(line: 1, bytes: [UInt8](repeating: 0x20, count: 100_000))
        while batch.take(event, countMax: 512) {}
        #expect(batch.events.count == 10)
        #expect(batch.events.reduce(0) { $0 + $1.bytes.count } < Limits.requestByteCountMax)
    }

    @Test func `takes the greatest event alone`() {
        var batch = EventBatch()
        let event = MappedEvent(line: 1, bytes: [UInt8](repeating: 0x20, count: EventBatch.eventByteCountMax))
        let taken = [batch.take(event, countMax: 512), batch.take(MappedEvent(line: 2, bytes: [0x7B]), countMax: 512)]
        #expect(taken == [true, false])
    }
}
