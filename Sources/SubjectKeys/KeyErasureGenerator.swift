internal import Crypto

/// A generator that asks the system once in a while only: a seal needs 44 bytes, and six system calls for them would
/// cost more than the cipher.
///
/// Fast key erasure (D. J. Bernstein, 2017): a key makes one block of AES-256 key stream, whose first 32 bytes become
/// the next key at once, so that nobody can compute what was handed out before. Each thread has its own.
public struct KeyErasureGenerator: RandomNumberGenerator {
    /// Blocks between two questions to the system.
    private static let blockCountMax = 256
    private static let zeros = [UInt8](repeating: 0, count: 32 + 2048)

    private var key = SymmetricKey(size: .bits256)
    private var block: [UInt8] = []
    private var blockCount = 0

    /// A generator with a key from the system.
    public init() {}

    public mutating func next() -> UInt64 {
        if block.count < 8 { refill() }
        let word = block.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        block.removeLast(8)
        return word
    }

    private mutating func refill() {
        if blockCount == Self.blockCountMax {
            key = SymmetricKey(size: .bits256)
            blockCount = 0
        }
        // Every key encrypts once, so the nonce may stay the same; of zeros a cipher in counter mode makes its stream.
        guard let nonce = try? AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12)),
            let box = try? AES.GCM.seal(Self.zeros, using: key, nonce: nonce)
        else { preconditionFailure("AES-256-GCM takes a key of 32 and a nonce of 12 bytes") }
        key = SymmetricKey(data: box.ciphertext.prefix(32))
        block = Array(box.ciphertext.dropFirst(32))
        blockCount += 1
    }
}
