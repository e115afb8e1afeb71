/// What the segments are: which slots hold which part of the log, and who built them.
///
/// Bytes: u32 extractor version ‖ u64 seed ‖ per segment u8 slot ‖ u8 tier ‖ u64 start ‖ u64 end,
/// big-endian. Segments follow each other without gap from position 0.
struct Manifest: Hashable, Sendable {
    /// One segment: the keys of the events from `start` up to `end`.
    struct Segment: Hashable, Sendable {
        var slot: UInt8
        var tier: UInt8
        var start: UInt64
        var end: UInt64
    }

    var extractorVersion: UInt32
    var seed: UInt64
    var segments: [Segment] = []

    /// Everything before this position is in segments.
    var end: UInt64 { segments.last?.end ?? 0 }

    var bytes: [UInt8] {
        var bytes = Array(UInt64(extractorVersion).bigEndianBytes.suffix(4)) + seed.bigEndianBytes
        for segment in segments {
            bytes += [segment.slot, segment.tier] + segment.start.bigEndianBytes + segment.end.bigEndianBytes
        }
        return bytes
    }

    /// Reads a manifest; `nil` unless its form is right and its segments are without gap.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 12, (bytes.count - 12) % 18 == 0 else { return nil }
        extractorVersion = bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        seed = Array(bytes[4..<12]).bigEndianPosition
        for offset in stride(from: 12, to: bytes.count, by: 18) {
            let segment = Segment(
                slot: bytes[offset], tier: bytes[offset + 1],
                start: Array(bytes[(offset + 2)..<(offset + 10)]).bigEndianPosition,
                end: Array(bytes[(offset + 10)..<(offset + 18)]).bigEndianPosition)
            guard segment.start == end, segment.end > segment.start, segment.slot < SegmentStore.slotCount
            else { return nil }
            segments.append(segment)
        }
    }

    init(extractorVersion: UInt32, seed: UInt64) {
        self.extractorVersion = extractorVersion
        self.seed = seed
    }
}
