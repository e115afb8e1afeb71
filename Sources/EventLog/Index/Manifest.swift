internal import RecordFormat

/// What the segments are: which files hold which part of the log, and who built them.
///
/// Bytes, all numbers u64 little-endian: "RAPMANI2" ‖ extractor version ‖ seed ‖ XXH64 of the log's identity ‖ number
/// of segments ‖ per segment slot ‖ tier ‖ start ‖ end ‖ checksum of the file's footer ‖ XXH64 of everything before.
/// A manifest is valid if it has that form, its checksum is right, its segments follow each other without
/// gap from position 0, and no slot stands twice. The file of slot 7 is `segment-7`.
struct Manifest: Hashable, Sendable {
    /// One segment: the keys of the events from `start` up to `end`.
    struct Segment: Hashable, Sendable {
        var slot: UInt64
        var tier: UInt64
        var start: UInt64
        var end: UInt64
        var checksum: UInt64
    }

    /// "RAPMANI2", read as a little-endian number.
    private static let magic: UInt64 = 0x3249_4E41_4D50_4152
    /// Bytes besides those of segments.
    private static let frameByteCount = 48
    /// Files that may exist at once.
    static let slotCount: UInt64 = 256

    var extractorVersion: UInt64
    var seed: UInt64
    /// XXH64 of the identity of the log that the index was built from.
    var log: UInt64
    var segments: [Segment] = []

    /// Everything before this position is in segments.
    var end: UInt64 { segments.last?.end ?? 0 }

    init(extractorVersion: UInt64, seed: UInt64, log: UInt64) {
        self.extractorVersion = extractorVersion
        self.seed = seed
        self.log = log
    }

    var bytes: [UInt8] {
        var numbers = [Self.magic, extractorVersion, seed, log, UInt64(segments.count)]
        for segment in segments {
            numbers += [segment.slot, segment.tier, segment.start, segment.end, segment.checksum]
        }
        let bytes = LittleEndian.bytes(of: numbers)
        return bytes + LittleEndian.bytes(of: [XXH64.hash(bytes.span)])
    }

    /// Reads a manifest; `nil` unless it is valid.
    init?(_ bytes: [UInt8]) {
        let span = bytes.span
        guard span.count >= Self.frameByteCount, span.count % 8 == 0 else { return nil }
        func number(_ place: Int) -> UInt64 { span.littleEndian(at: 8 * place) }
        let segmentCount = (span.count - Self.frameByteCount) / 40
        guard number(0) == Self.magic, number(4) == UInt64(segmentCount),
            span.count == Self.frameByteCount + 40 * segmentCount,
            number(span.count / 8 - 1) == XXH64.hash(span.extracting(0..<span.count - 8))
        else { return nil }
        extractorVersion = number(1)
        seed = number(2)
        log = number(3)
        var slots: Set<UInt64> = []
        for place in stride(from: 5, to: 5 + 5 * segmentCount, by: 5) {
            let segment = Segment(
                slot: number(place), tier: number(place + 1), start: number(place + 2), end: number(place + 3),
                checksum: number(place + 4))
            guard segment.start == end, segment.end > segment.start, segment.slot < Self.slotCount,
                slots.insert(segment.slot).inserted
            else { return nil }
            segments.append(segment)
        }
    }
}
