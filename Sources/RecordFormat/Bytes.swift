// The one file of this module with `unsafe`: whole words and texts out of a span.
// Every access is checked against the span's bounds first.

extension Span<UInt8> {
    /// An integer at an offset, least significant byte first: one load, also where another module asks.
    @inlinable
    @inline(__always)
    package func littleEndian<Number: FixedWidthInteger>(at offset: Int) -> Number {
        precondition(offset >= 0 && offset <= count - Number.bitWidth / 8, "a load stays inside its span")
        return unsafe withUnsafeBufferPointer { bytes in
            unsafe Number(
                littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: Number.self))
        }
    }

    /// Whether the same bytes stand here and there.
    package func isSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for place in indices where self[place] != other[place] { return false }
        return true
    }

    /// A copy of some bytes.
    func copy(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a copy stays inside its span")
        return unsafe withUnsafeBufferPointer { bytes in unsafe Array(bytes[range]) }
    }

    /// The text of some bytes; `nil` unless they are UTF-8.
    func text(_ range: Range<Int>) -> String? {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a text stays inside its span")
        return unsafe withUnsafeBufferPointer { bytes in
            unsafe String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }
}

extension [UInt8] {
    /// Appends bytes in one copy.
    package mutating func appendBytes(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer, least significant byte first.
    package mutating func appendInteger<Number: FixedWidthInteger>(_ number: Number) {
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
    }

    /// Overwrites the bytes at an offset with an integer, least significant byte first.
    mutating func setInteger<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        precondition(offset >= 0 && offset <= count - Number.bitWidth / 8, "a store stays inside its array")
        unsafe withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
        }
    }
}
