import EventClient

/// Events to append under load: lines that are encoded beforehand, and whose ids are new each time they are sent.
struct LoadEvents: Sendable {
    /// Digits of the number in an id; 48 bits.
    static let numberDigitCount = 12
    /// Digits of the name of a stream that this makes.
    static let streamDigitCount = 6

    /// `$n CR LF line CR LF`, one behind the other.
    private var arena: [UInt8] = []
    private var lines: [Line] = []
    /// Streams to spread over; 0 where each line keeps its own.
    private var streamCount: UInt64 = 0

    private struct Line {
        let range: Range<Int>
        let numberOffset: Int  // from the beginning of the range
        let streamOffset: Int
    }

    /// Valid events of 417 bytes in canonical form, one classification each, spread over so many accounts.
    init(streamCount: Int, run: String) {
        self.streamCount = UInt64(streamCount)
        let number = String(repeating: "#", count: Self.numberDigitCount)
        let stream = String(repeating: "%", count: Self.streamDigitCount)
        let start =
            #"{"specversion":"1.0","id":"\#(run)\#(number)","source":"/bench","type":"account.classified","#
            + #""subject":"account-\#(stream)","time":"2026-01-05T09:30:00.123Z","#
            + #""dataschema":"urn:rapport:account.classified:1","data":{"scheme":"tier","value":""#
        let value = String(repeating: "v", count: max(1, Self.lineByteCount - start.utf8.count - 3))
        add(Array((start + value + "\"}}").utf8), numberMark: number, streamMark: stream)
    }

    private static let lineByteCount = 417

    /// The lines of a file, each in its own stream.
    ///
    /// - Throws: ``Failure`` naming the first line that has no id in the usual form.
    init(file: [UInt8], run: String) throws(Failure) {
        let number = String(repeating: "#", count: Self.numberDigitCount)
        for (index, line) in file.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let id = Self.idRange(in: line) else {
                throw Failure(
                    .usage,
                    "line \(index + 1) has no \"id\". Nothing was sent. Give one CloudEvent in JSON on each line.")
            }
            add(line[..<id.lowerBound] + (run + number).utf8 + line[id.upperBound...], numberMark: number)
        }
        guard !lines.isEmpty else {
            throw Failure(.usage, "the file of events is empty. Nothing was sent. Give one CloudEvent on each line.")
        }
    }

    /// Where the value of the first member `id` stands; ids with escapes are not looked for.
    private static func idRange(in line: ArraySlice<UInt8>) -> Range<Int>? {
        guard let key = line.firstRange(of: #""id":""#.utf8),
            let end = line[key.upperBound...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return key.upperBound..<end
    }

    private mutating func add(_ line: some Collection<UInt8>, numberMark: String, streamMark: String? = nil) {
        let start = arena.count
        arena.appendWord(line)
        let entry = arena[start...]
        lines.append(
            Line(
                range: start..<arena.count,
                numberOffset: entry.firstRange(of: numberMark.utf8).map { $0.lowerBound - start } ?? 0,
                streamOffset: streamMark.flatMap { entry.firstRange(of: $0.utf8) }.map { $0.lowerBound - start } ?? 0))
    }

    /// Appends event number `index` as one word of a command.
    func append(_ index: UInt64, to bytes: inout [UInt8]) {
        let line = lines[Int(index % UInt64(lines.count))]
        let start = bytes.count
        bytes += arena[line.range]
        Letters.write(index, digitCount: Self.numberDigitCount, over: &bytes, at: start + line.numberOffset)
        guard streamCount > 0 else { return }
        Letters.write(
            Self.mix(index) % streamCount, digitCount: Self.streamDigitCount, over: &bytes,
            at: start + line.streamOffset)
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA'14), by which the peers' benches choose streams too.
    static func mix(_ index: UInt64) -> UInt64 {
        var mixed = index &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A name for a run: its ids meet those of no other.
    static func randomRun() -> String {
        String((0..<8).map { _ in "abcdefghijkmnpqrstuvwxyz".randomElement() ?? "a" })
    }
}

/// `LOG.INGEST` with so many events a request; connection `c` of `n` takes every n-th batch.
final class AppendLoad: LoadSource {
    private let events: LoadEvents
    private let batch: Int
    private let stride: UInt64
    private var next: UInt64
    private var head: [UInt8] = []

    init(_ events: LoadEvents, batch: Int, connection: Int, of count: Int) {
        self.events = events
        self.batch = batch
        head.appendWordCount(batch + 1)
        head.appendWord("LOG.INGEST")
        stride = UInt64(count * batch)
        next = UInt64(connection * batch)
    }

    func next(_ bytes: inout [UInt8]) -> Bool {
        bytes += head
        for index in next..<next + UInt64(batch) { events.append(index, to: &bytes) }
        next += stride
        return true
    }

    func answered(elementCount: Int) -> Int { elementCount }
}
