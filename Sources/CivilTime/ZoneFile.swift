/// The transitions of a time zone as the tz database stores them (TZif versions 2 to 4, RFC 9636).
///
/// The file is: a header of 44 bytes and a data block with 32-bit times, which are passed over; a second header and a
/// block with 64-bit times: the moments of the transitions, the number of the type after each, and the types, each an
/// offset to UTC of 4 bytes, a flag and an index; then, between two line feeds, the rule for everything later.
struct ZoneFile {
    /// Moments in seconds since 1970-01-01T00:00:00Z, ascending, and the offset that begins there.
    var transitions: [(at: Int64, offset: Int64)] = []
    /// The offset before the first transition, in seconds east of UTC.
    var firstOffset: Int64 = 0
    /// What holds after the last transition; `nil` where the file doesn't say.
    var rule: ZoneRule?

    private static let headerByteCount = 44

    /// Reads a file; `nil` when it is not one of this format.
    init?(_ bytes: [UInt8]) {
        guard let old = Counts(bytes[...]), old.version >= 0x32 else { return nil }
        let start = Self.headerByteCount + old.blockByteCount(timeByteCount: 4)
        guard start <= bytes.count, let counts = Counts(bytes[start...]), counts.type > 0 else { return nil }
        let block = start + Self.headerByteCount
        let end = block + counts.blockByteCount(timeByteCount: 8)
        guard end <= bytes.count else { return nil }
        let numbers = block + 8 * counts.time
        let types = numbers + counts.time
        func offset(ofType type: Int) -> Int64? {
            type < counts.type ? Int64(Int32(truncatingIfNeeded: bytes.bigEndian(at: types + 6 * type, 4))) : nil
        }
        firstOffset = offset(ofType: 0) ?? 0
        for index in 0..<counts.time {
            guard let offset = offset(ofType: Int(bytes[numbers + index])) else { return nil }
            transitions.append((bytes.bigEndian(at: block + 8 * index, 8), offset))
        }
        let footer = bytes[end...].dropFirst().prefix { $0 != 0x0A }
        rule = ZoneRule(String(decoding: footer, as: UTF8.self))
    }

    /// The number of the first transition past a moment in seconds; that of the end if there is none.
    func firstTransition(after moment: Int64) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= moment { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The numbers of a header.
    private struct Counts {
        let version: UInt8
        let time: Int
        let type: Int
        private let others: (universal: Int, standard: Int, leap: Int, characters: Int)

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= headerByteCount, bytes.starts(with: Array("TZif".utf8)) else { return nil }
            version = bytes[bytes.startIndex + 4]
            let counts = (0..<6).map { Int(Array(bytes.dropFirst(20 + 4 * $0).prefix(4)).bigEndian(at: 0, 4)) }
            guard counts.allSatisfy({ $0 < 1 << 20 }) else { return nil }
            others = (counts[0], counts[1], counts[2], counts[5])
            (time, type) = (counts[3], counts[4])
        }

        func blockByteCount(timeByteCount: Int) -> Int {
            time * (timeByteCount + 1) + type * 6 + others.characters + others.leap * (timeByteCount + 4)
                + others.standard + others.universal
        }
    }
}

extension [UInt8] {
    fileprivate func bigEndian(at offset: Int, _ count: Int) -> Int64 {
        Int64(bitPattern: self[offset..<offset + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
