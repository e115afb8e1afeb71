internal import EventModel

/// The sealed form of one slot's personal object (VERIFIABILITY.md, section 4.2):
///
///      0  u8  version, 1
///      1  32  r32: salt of the event's data key and of its commitments
///     33  12  nonce
///     45  n   AES-256-GCM ciphertext of the canonical object, padded with spaces to a multiple of 64 bytes
///      …  16  tag
///
/// Valid is a blob of this version with n > 0, n a multiple of 64, and n no larger than the largest object's.
enum SealedBlob {
    static let version: UInt8 = 1
    static let saltByteCount = 32
    static let nonceByteCount = 12
    static let tagByteCount = 16
    /// The plaintext's length is a multiple of this, so that it tells little.
    static let paddingByteCount = 64
    static let saltRange = 1..<1 + saltByteCount
    /// Where nonce, ciphertext and tag begin.
    static let boxStart = saltRange.upperBound
    /// Bytes around the ciphertext.
    static let overheadByteCount = boxStart + nonceByteCount + tagByteCount
    static let byteCountMax = overheadByteCount + paddedByteCount(Limits.eventDataByteCountMax)

    static func paddedByteCount(_ byteCount: Int) -> Int {
        (byteCount + paddingByteCount - 1) / paddingByteCount * paddingByteCount
    }

    /// Whether bytes have the form of a blob.
    static func hasForm(_ bytes: [UInt8]) -> Bool {
        let ciphertext = bytes.count - overheadByteCount
        return bytes.count <= byteCountMax && ciphertext > 0 && ciphertext % paddingByteCount == 0
            && bytes[0] == version
    }

    /// The object with its padding.
    static func padded(_ canonical: [UInt8]) -> [UInt8] {
        let count = paddedByteCount(canonical.count)
        return canonical + repeatElement(space, count: count - canonical.count)
    }

    /// The object without its padding; `nil` unless it was padded as above.
    static func unpadded(_ plaintext: [UInt8]) -> [UInt8]? {
        guard let last = plaintext.lastIndex(where: { $0 != space }), plaintext.count - last <= paddingByteCount else {
            return nil
        }
        return Array(plaintext[...last])
    }

    private static let space = UInt8(ascii: " ")
}

/// What is drawn anew for every sealing, so that a retried append never reuses a data key with a nonce.
public struct SealRandomness: Hashable, Sendable {
    /// r32, 32 bytes: the salt of the event's data key and of its commitments.
    public let salt: [UInt8]
    /// The nonce, 12 bytes.
    public let nonce: [UInt8]

    /// Given bytes, such as those of the worked example.
    ///
    /// - Precondition: 32 and 12 bytes.
    public init(salt: [UInt8], nonce: [UInt8]) {
        precondition(salt.count == SealedBlob.saltByteCount && nonce.count == SealedBlob.nonceByteCount, "32 and 12")
        self.salt = salt
        self.nonce = nonce
    }

    /// Bytes from a generator, which must be fit for cryptography outside of tests.
    public init(using generator: inout some RandomNumberGenerator) {
        salt = generator.bytes(SealedBlob.saltByteCount)
        nonce = generator.bytes(SealedBlob.nonceByteCount)
    }
}

extension RandomNumberGenerator {
    /// Random bytes, eight from each draw.
    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count { bytes.appendBigEndian(next()) }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
