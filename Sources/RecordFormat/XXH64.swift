/// XXH64, the 64-bit hash of Yann Collet's xxHash (specification 0.1.1).
///
/// It finds flipped and torn bytes; it is not a defence against somebody who forges them: that is the
/// Merkle tree's task.
package enum XXH64 {
    private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5
    )

    /// The hash of the bytes from an offset to the end.
    package static func hash(_ bytes: Span<UInt8>, from start: Int = 0, seed: UInt64 = 0) -> UInt64 {
        var offset = start
        let byteCount = UInt64(bytes.count - start)
        var hash: UInt64
        if bytes.count - offset >= 32 {
            var lanes = (
                seed &+ primes.0 &+ primes.1, seed &+ primes.1, seed, seed &- primes.0
            )
            while bytes.count - offset >= 32 {
                lanes.0 = round(lanes.0, bytes.littleEndian(at: offset))
                lanes.1 = round(lanes.1, bytes.littleEndian(at: offset + 8))
                lanes.2 = round(lanes.2, bytes.littleEndian(at: offset + 16))
                lanes.3 = round(lanes.3, bytes.littleEndian(at: offset + 24))
                offset += 32
            }
            hash = rotate(lanes.0, 1) &+ rotate(lanes.1, 7) &+ rotate(lanes.2, 12) &+ rotate(lanes.3, 18)
            hash = merge(merge(merge(merge(hash, lanes.0), lanes.1), lanes.2), lanes.3)
        } else {
            hash = seed &+ primes.4
        }
        hash = tail(bytes, from: offset, hash &+ byteCount)
        hash = (hash ^ (hash >> 33)) &* primes.1
        hash = (hash ^ (hash >> 29)) &* primes.2
        return hash ^ (hash >> 32)
    }

    private static func tail(_ bytes: Span<UInt8>, from start: Int, _ start64: UInt64) -> UInt64 {
        var hash = start64
        var offset = start
        while bytes.count - offset >= 8 {
            hash = rotate(hash ^ round(0, bytes.littleEndian(at: offset)), 27) &* primes.0 &+ primes.3
            offset += 8
        }
        if bytes.count - offset >= 4 {
            let word: UInt32 = bytes.littleEndian(at: offset)
            hash = rotate(hash ^ (UInt64(word) &* primes.0), 23) &* primes.1 &+ primes.2
            offset += 4
        }
        while offset < bytes.count {
            hash = rotate(hash ^ (UInt64(bytes[offset]) &* primes.4), 11) &* primes.0
            offset += 1
        }
        return hash
    }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* primes.1, 31) &* primes.0
    }

    private static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* primes.0 &+ primes.3
    }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }
}
