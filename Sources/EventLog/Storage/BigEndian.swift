extension UInt64 {
    /// The eight bytes of the number, most significant first.
    var bigEndianBytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * place)) }
        return bytes
    }
}

extension [UInt8] {
    /// The number in the first eight bytes.
    var bigEndianPosition: UInt64 { prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
