import ProjectionRuntime

/// Up to 64 consecutive events of one party, packed, oldest first.
///
/// A chunk is one row, so a timeline costs a row per 64 events and a page of 50 reads two of them. An event appends
/// some 20 bytes in place: position and time as differences to the entry before, the type as a number, and the stream
/// only where it changes.
///
/// An entry is `number(position difference) number(zigzag time difference) number(2 × code, 1 more if its event has
/// personal fields) text(type, if the code is 0) text(channel) text(stream, empty = as before)`; the code is kind + 1,
/// 0 for a type without a kind. A `text` is `number(byte count)` and its UTF-8 bytes. A `number` is its groups of 6
/// bits, lowest first, 64 added to each but the last: every byte stays below 128, so the whole could be read as text.
struct TimelineChunk: RowValue {
    /// Entries per chunk, at most.
    static let entryCountMax: Int64 = 64

    private var packed: [UInt8] = []
    private var lastPosition: UInt64 = 0
    private var lastTime: Int64 = 0
    /// Where the last stream stands in `packed`: what is appended next lies close to it.
    private var lastStreamRange = 0..<0

    /// Position of the newest entry.
    var newestPosition: UInt64 { lastPosition }

    init() { packed.reserveCapacity(256) }

    /// Adds an event. Positions only ever rise.
    mutating func append(
        _ kind: EventKind?, type: String, channel: String, stream: String, position: UInt64, time: Int64,
        isPersonal: Bool
    ) {
        put(position &- lastPosition)
        let difference = time &- lastTime
        put(UInt64(bitPattern: (difference << 1) ^ (difference >> 63)))
        let code = kind.map { UInt64($0.number) + 1 } ?? 0
        put(code << 1 | (isPersonal ? 1 : 0))
        if code == 0 { put(type) }
        put(channel)
        lastPosition = position
        lastTime = time
        if packed[lastStreamRange].elementsEqual(stream.utf8) { return put("") }
        put(stream)
        lastStreamRange = packed.count - stream.utf8.count..<packed.count
    }

    private mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 64 {
            packed.append(UInt8(truncatingIfNeeded: rest & 63) | 64)
            rest >>= 6
        }
        packed.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func put(_ text: String) {
        put(UInt64(text.utf8.count))
        packed.append(contentsOf: text.utf8)
    }

    /// The entries, oldest first; `nil` if the bytes are not what ``append`` writes.
    var entries: [TimelineEntry]? {
        var reader = PackedReader(bytes: packed)
        var entries: [TimelineEntry] = []
        var position: UInt64 = 0
        var time: Int64 = 0
        var stream = ""
        while !reader.isAtEnd {
            guard let step = reader.number(), let difference = reader.number(), let word = reader.number(),
                case let code = word >> 1, let type = code == 0 ? reader.text() : EventKind(code: code - 1)?.name,
                let channel = reader.text(), let newStream = reader.text()
            else { return nil }
            position &+= step
            time &+= Int64(bitPattern: difference >> 1) ^ (0 &- Int64(bitPattern: difference & 1))
            if !newStream.isEmpty { stream = newStream }
            entries.append(
                TimelineEntry(
                    position: position, time: time, type: type, channel: channel, stream: stream,
                    isPersonal: word & 1 == 1))
        }
        return entries
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.byteList(packed)
        encoder.integer(Int64(bitPattern: lastPosition))
        encoder.integer(lastTime)
        encoder.byteList(Array(packed[lastStreamRange]))
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        packed = try decoder.byteList()
        lastPosition = UInt64(bitPattern: try decoder.integer())
        lastTime = try decoder.integer()
        let stream = try decoder.byteList()
        let starts = (0...max(packed.count - stream.count, 0)).reversed()
        guard let start = starts.first(where: { packed[$0...].starts(with: stream) }) else { throw damagedRow() }
        lastStreamRange = start..<start + stream.count
    }
}

/// Walks a chunk's bytes; every read is bounds-checked, `nil` means damage.
private struct PackedReader {
    let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func number() -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count, shift < 64 {
            let byte = bytes[offset]
            offset += 1
            number |= UInt64(byte & 63) << shift
            if byte < 64 { return number }
            shift += 6
        }
        return nil
    }

    mutating func text() -> String? {
        guard let count = number(), count <= UInt64(bytes.count - offset) else { return nil }
        let end = offset + Int(count)
        defer { offset = end }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }
}
