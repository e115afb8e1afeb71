/// A set that may say yes wrongly, never no (Bloom 1970): ten bits a key, seven probes, about 1 % wrong.
///
/// Keys are hashes already, so the probes follow from their halves (Kirsch and Mitzenmacher 2006).
struct BloomFilter: Sendable {
    private(set) var bytes: [UInt8]

    init(keyCount: Int) { bytes = [UInt8](repeating: 0, count: max(8, keyCount * 10 / 8)) }

    mutating func insert(_ key: UInt64) {
        let bitCount = UInt64(bytes.count * 8)
        for probe in 0..<Self.probeCount {
            let bit = Self.bit(key, probe, bitCount)
            bytes[Int(bit >> 3)] |= 1 << UInt8(bit & 7)
        }
    }

    /// Whether a stored filter may contain the key.
    static func mayContain(_ key: UInt64, in bytes: Span<UInt8>) -> Bool {
        let bitCount = UInt64(bytes.count * 8)
        guard bitCount > 0 else { return true }
        for probe in 0..<probeCount {
            let bit = bit(key, probe, bitCount)
            if bytes[Int(bit >> 3)] & (1 << UInt8(bit & 7)) == 0 { return false }
        }
        return true
    }

    private static let probeCount: UInt64 = 7

    private static func bit(_ key: UInt64, _ probe: UInt64, _ bitCount: UInt64) -> UInt64 {
        let step = (key >> 32) | 1
        return (key &+ probe &* step &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: bitCount).high
    }
}
