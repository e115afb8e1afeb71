internal import RecordFormat

/// A set of keys that may say yes wrongly, never no: a blocked Bloom filter (Putze, Sanders and Singler,
/// JEA 2009) of about ten bits a key and six probes, 1 to 2 % wrong.
///
/// All probes of a key fall into one line of 64 bytes, so a look-up costs one cache line. The line follows
/// from the key's upper bits: in the order of keys the lines are filled one after the other, which lets a
/// filter of any size be written without holding it in memory. Each line carries its own checksum, since a
/// lost bit would deny a key that is there.
enum SegmentFilter {
    static let lineByteCount = 64
    static let dataByteCount = 60
    private static let bitCount: UInt64 = 480
    private static let probeCount: UInt64 = 6

    /// Lines for at most this many keys.
    static func lineCount(forKeys keyCount: UInt64) -> UInt64 { keyCount / 48 + 1 }

    /// The line of a key.
    static func line(of key: ShortKey, lineCount: UInt64) -> UInt64 {
        (key.number << (64 - ShortKey.bitCount)).multipliedFullWidth(by: lineCount).high
    }

    /// Sets the bits of a key in its line, which begins at `offset`.
    @inline(__always)
    static func insert(_ key: ShortKey, into lines: inout OutputBuffer, at offset: Int) {
        var probes = mixed(key)
        for _ in 0..<probeCount {
            let bit = ((probes & 1023) * bitCount) >> 10
            lines.bytes[offset + Int(bit >> 3)] |= 1 << UInt8(bit & 7)
            probes >>= 10
        }
    }

    /// The checksum of the line that `bytes` holds.
    static func checksum(_ bytes: Span<UInt8>, line: UInt64) -> UInt64 {
        XXH64.hash(bytes.extracting(0..<dataByteCount), seed: line) & 0xFFFF_FFFF
    }

    /// Whether the filter at the beginning of a file may contain a key.
    static func mayContain(_ key: ShortKey, in file: Span<UInt8>, lineCount: UInt64) throws(IndexError) -> Bool {
        let line = line(of: key, lineCount: lineCount)
        return try mayContain(key, in: file, line: line, checksum: checksum(in: file, line: line))
    }

    /// Sets the flag of each key that the filter at the beginning of a file may contain.
    ///
    /// The reads of the first round depend on nothing, so the processor waits for the lines of all keys at once instead
    /// of one after the other.
    static func flag(
        _ keys: [ShortKey], in file: Span<UInt8>, lineCount: UInt64, _ flags: inout [Bool]
    ) throws(IndexError) {
        let checksums = keys.map { checksum(in: file, line: line(of: $0, lineCount: lineCount)) }
        for (place, key) in keys.enumerated() where !flags[place] {
            let line = line(of: key, lineCount: lineCount)
            flags[place] = try mayContain(key, in: file, line: line, checksum: checksums[place])
        }
    }

    /// The checksum that a line has in a file.
    private static func checksum(in file: Span<UInt8>, line: UInt64) -> UInt32 {
        file.littleEndian(at: Int(line) * lineByteCount + dataByteCount)
    }

    @inline(__always)
    private static func mayContain(
        _ key: ShortKey, in file: Span<UInt8>, line: UInt64, checksum expected: UInt32
    ) throws(IndexError) -> Bool {
        let offset = Int(line) * lineByteCount
        let bytes = file.extracting(offset..<offset + dataByteCount)
        guard UInt64(expected) == checksum(bytes, line: line) else {
            throw .damaged("a line of a segment's filter does not have its checksum")
        }
        var probes = mixed(key)
        for _ in 0..<probeCount {
            let bit = ((probes & 1023) * bitCount) >> 10
            guard bytes[Int(bit >> 3)] & (1 << UInt8(bit & 7)) != 0 else { return false }
            probes >>= 10
        }
        return true
    }

    /// Sixty bits for the probes; the key's upper bits chose the line already.
    private static func mixed(_ key: ShortKey) -> UInt64 { (key.number &* 0x9E37_79B9_7F4A_7C15).finalized >> 4 }
}
