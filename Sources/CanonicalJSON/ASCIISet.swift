/// A set of ASCII characters that tests eight bytes of a text at a time.
package struct ASCIISet: Sendable {
    /// For each range what to add to a byte so that its top bit says "not below" and "above".
    @usableFromInline let notBelow: InlineArray<6, UInt64>
    @usableFromInline let above: InlineArray<6, UInt64>
    @usableFromInline let rangeCount: Int
    @usableFromInline let filler: UInt64

    @usableFromInline static var lanes: UInt64 { 0x0101_0101_0101_0101 }
    @usableFromInline static var highBits: UInt64 { 0x8080_8080_8080_8080 }

    /// The characters of up to six ranges.
    package init(_ ranges: ClosedRange<Unicode.Scalar>...) {
        precondition((1...6).contains(ranges.count), "a set has one to six ranges")
        rangeCount = ranges.count
        // A range that is not needed repeats the first one.
        func range(_ index: Int) -> ClosedRange<UInt64> {
            let range = index < ranges.count ? ranges[index] : ranges[0]
            precondition(range.upperBound.isASCII, "only ASCII fits into seven bits")
            return UInt64(range.lowerBound.value)...UInt64(range.upperBound.value)
        }
        notBelow = InlineArray { Self.lanes * (0x80 - range($0).lowerBound) }
        above = InlineArray { Self.lanes * (0x7F - range($0).upperBound) }
        filler = Self.lanes * range(0).lowerBound
    }

    /// Whether every byte of a text is in the set. True for no bytes at all.
    @inlinable
    package func containsAll(of text: Span<UInt8>) -> Bool {
        var offset = 0
        while offset + 8 <= text.count {
            guard containsAll(of: text.word(at: offset)) else { return false }
            offset += 8
        }
        let rest = text.count - offset
        guard rest > 0 else { return true }
        if offset > 0 { return containsAll(of: text.word(at: text.count - 8)) }
        return containsAll(of: text.shortWord(at: 0, byteCount: rest) | filler << UInt64(8 * rest))
    }

    /// Eight bytes at once: a sum of two seven-bit numbers never carries into the next byte.
    @inlinable
    @inline(__always)
    func containsAll(of word: UInt64) -> Bool {
        let low = word & ~Self.highBits
        var found = lanes(low, in: 0) | lanes(low, in: 1) | lanes(low, in: 2)
        if rangeCount > 3 { found |= lanes(low, in: 3) | lanes(low, in: 4) | lanes(low, in: 5) }
        return found & ~word & Self.highBits == Self.highBits
    }

    /// Sets the top bit of every byte that is in a range.
    @inlinable
    @inline(__always)
    func lanes(_ low: UInt64, in range: Int) -> UInt64 { (low &+ notBelow[range]) & ~(low &+ above[range]) }
}
