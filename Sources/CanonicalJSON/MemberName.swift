/// The name of a member as it stands in canonical JSON, prepared so that a scan recognises it by comparing words:
/// nearly always the next member is the one that is expected.
package struct MemberName: Sendable {
    /// Bytes of a name, at most.
    package static let byteCountMax = 29

    /// The name, its closing quotation mark and the colon: eight bytes to a word, the first one lowest, zeros behind.
    let words: InlineArray<4, UInt64>
    /// How many bytes that is.
    let byteCount: Int
    /// The first eight bytes of name and quotation mark, the first one highest, so that integers order like names.
    private let head: UInt64
    private let mask: UInt64

    /// - Precondition: the name is ASCII without quotation mark, backslash or control character, and has at most
    ///   ``byteCountMax`` bytes.
    package init(_ name: String) {
        let bytes = Array((name + "\":").utf8)
        precondition(bytes.count <= Self.byteCountMax + 2, "names of fields are short")
        let span = bytes.span
        words = InlineArray { place in
            let left = bytes.count - 8 * place
            return left > 0 ? span.word(at: 8 * place, byteCount: min(8, left)) : 0
        }
        byteCount = bytes.count
        let headByteCount = min(8, bytes.count - 1)
        mask = headByteCount == 8 ? .max : ~(.max >> UInt64(8 * headByteCount))
        head = words[0].byteSwapped & mask
    }

    /// Whether the name stands before every name that begins with eight bytes, the first one highest.
    @inline(__always)
    package func isBefore(_ other: UInt64) -> Bool { head < other & mask }
}

extension CanonicalScan {
    /// The first eight bytes of the next member's name and of what follows, the first one highest; 0 behind the last
    /// member.
    @inline(__always)
    package var nextHead: UInt64 {
        at + 1 < bytes.count ? bytes.word(at: at + 1, byteCount: min(8, bytes.count - at - 1)).byteSwapped : 0
    }

    /// Where the value of the next member begins if that has a name; otherwise `nil`, and it is still the next one.
    @inline(__always)
    package mutating func nextValue(named name: borrowing MemberName) -> Int? {
        let value = at + 1 + name.byteCount
        guard value < bytes.count, bytes[at] == Byte.quote, closing == Byte.braceClose else { return nil }
        var (place, start) = (0, at + 1)
        while start < value {
            guard bytes.word(at: start, byteCount: min(8, value - start)) == name.words[place] else { return nil }
            place += 1
            start += 8
        }
        return step(over: value)
    }
}
