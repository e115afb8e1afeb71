internal import Crypto

// The one file of this module with `unsafe`: bytes of keys and digests are lent to the hash where they lie, so that
// keys never leave the memory that swift-crypto clears. Its own `HMAC` costs four times as much, since it copies key
// and state through arrays; both are compared in the tests.

/// HMAC-SHA256 (RFC 2104) under one key.
struct KeyedHash: Sendable {
    static let blockByteCount = 64
    private let key: SymmetricKey

    /// - Precondition: the key has at most 64 bytes; a longer one would have to be hashed first.
    init(_ key: SymmetricKey) {
        precondition(key.bitCount <= Self.blockByteCount * 8, "a key of ours is a digest, or shorter than a block")
        self.key = key
    }

    /// The authentication code of a message.
    func callAsFunction(_ message: [UInt8]) -> SHA256Digest {
        unsafe message.withUnsafeBytes { unsafe code(of: $0) }
    }

    /// The authentication code of a key, which is the message here.
    func callAsFunction(_ message: SymmetricKey) -> SHA256Digest {
        unsafe message.withUnsafeBytes { unsafe code(of: $0) }
    }

    private func code(of message: UnsafeRawBufferPointer) -> SHA256Digest {
        let inner = unsafe hash(keyedWith: 0x36, message)
        return unsafe inner.withUnsafeBytes { unsafe hash(keyedWith: 0x5c, $0) }
    }

    private func hash(keyedWith pad: UInt8, _ message: UnsafeRawBufferPointer) -> SHA256Digest {
        var block = [64 of UInt8](repeating: pad)
        unsafe key.withUnsafeBytes { bytes in
            for place in 0..<bytes.count { unsafe block[place] ^= bytes[place] }
        }
        var hash = SHA256()
        unsafe block.span.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        unsafe hash.update(bufferPointer: message)
        return hash.finalize()
    }
}

/// HKDF-SHA256 (RFC 5869): one extraction for several expansions of 32 bytes.
struct KeyDerivation {
    private let pseudorandom: KeyedHash

    /// Extracts from a key.
    init(_ key: SymmetricKey, salt: [UInt8]) {
        pseudorandom = KeyedHash(SymmetricKey(data: KeyedHash(SymmetricKey(data: salt))(key)))
    }

    /// The key for some purpose: the first block of the expansion.
    func expand(_ info: [UInt8]) -> SymmetricKey { SymmetricKey(data: pseudorandom(info + [1])) }
}

extension [UInt8] {
    /// Appends the bytes of a digest.
    mutating func append(_ digest: SHA256Digest) {
        unsafe digest.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// The bytes of a digest.
    init(_ digest: SHA256Digest) {
        self = []
        append(digest)
    }

    /// SHA-256 of these bytes.
    var sha256: SHA256Digest {
        var hash = SHA256()
        unsafe withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}
