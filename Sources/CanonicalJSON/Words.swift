extension Span<UInt8> {
    /// The eight bytes at an offset as one integer, the first byte lowest.
    ///
    /// Spelled byte by byte and bounded once, which compiles to one load.
    @inlinable
    @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        let part = extracting(offset...).extracting(first: 8)
        precondition(part.count == 8, "a word stays inside its span")
        let low = UInt64(part[0]) | UInt64(part[1]) << 8 | UInt64(part[2]) << 16 | UInt64(part[3]) << 24
        let high = UInt64(part[4]) | UInt64(part[5]) << 8 | UInt64(part[6]) << 16 | UInt64(part[7]) << 24
        return low | high << 32
    }

    /// Up to eight bytes as one integer, the first byte lowest, the rest zeros.
    @inlinable
    @inline(__always)
    package func word(at offset: Int, byteCount: Int) -> UInt64 {
        if byteCount >= 8 { return word(at: offset) }
        if offset + 8 <= count { return word(at: offset) & (1 << UInt64(8 &* byteCount) &- 1) }
        return shortWord(at: offset, byteCount: byteCount)
    }

    /// The same at the end of the span, where no whole word can be loaded.
    @usableFromInline
    package func shortWord(at offset: Int, byteCount: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in 0..<byteCount { word |= UInt64(self[offset + place]) << UInt64(8 * place) }
        return word
    }

    /// Whether the same bytes stand here and there.
    @inlinable
    package func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard count >= 8 else {
            for index in indices where self[index] != other[index] { return false }
            return true
        }
        var offset = 0
        while offset <= count - 8 {
            if word(at: offset) != other.word(at: offset) { return false }
            offset += 8
        }
        // The last word overlaps what is compared already.
        return word(at: count - 8) == other.word(at: count - 8)
    }

    /// FNV-1a (Fowler, Noll, Vo) over words instead of bytes: quick, and no match for who picks the bytes.
    @inlinable
    package var wordHash: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var at = 0
        while at < count {
            hash = (hash ^ word(at: at, byteCount: Swift.min(8, count - at))) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            at += 8
        }
        return hash
    }

    /// What follows a prefix; `nil` without it.
    @_lifetime(copy self)
    package func after(_ prefix: String) -> Span<UInt8>? {
        let prefix = prefix.utf8.span
        guard count >= prefix.count, extracting(..<prefix.count).isEqual(to: prefix) else { return nil }
        return extracting(prefix.count...)
    }
}
