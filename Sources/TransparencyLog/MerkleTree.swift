public import Crypto

/// Hashes of RFC 6962, section 2.1, over SHA-256.
public enum MerkleTree {
    /// A hash of 32 bytes.
    public typealias Hash = SHA256Digest

    /// The root of the tree without leaves: SHA-256 of nothing.
    public static var emptyRoot: Hash { SHA256().finalize() }

    /// `SHA-256(0x00 ‖ leaf)`.
    public static func leafHash(_ leaf: [UInt8]) -> Hash {
        var hash = SHA256()
        hash.update(data: [0x00] as [UInt8])
        hash.update(data: leaf)
        return hash.finalize()
    }

    /// `SHA-256(0x01 ‖ left ‖ right)`.
    public static func nodeHash(_ left: Hash, _ right: Hash) -> Hash {
        var bytes: [UInt8] = [0x01]
        bytes.reserveCapacity(65)
        bytes.append(contentsOf: left)
        bytes.append(contentsOf: right)
        return SHA256.hash(data: bytes)
    }
}

/// Computes the root of a tree while its leaves pass by, in memory of the tree's height.
public struct MerkleRootBuilder: Sendable {
    /// Roots of the perfect subtrees so far, largest first: one per set bit of ``leafCount``.
    private var subtrees: [MerkleTree.Hash] = []
    /// Leaves so far.
    public private(set) var leafCount: UInt64 = 0

    /// A tree without leaves.
    public init() {}

    /// Adds the next leaf.
    public mutating func append(_ leaf: [UInt8]) {
        var hash = MerkleTree.leafHash(leaf)
        var carry = leafCount
        while carry & 1 == 1, let left = subtrees.popLast() {
            hash = MerkleTree.nodeHash(left, hash)
            carry >>= 1
        }
        subtrees.append(hash)
        leafCount += 1
    }

    /// The root over the leaves so far.
    public var root: MerkleTree.Hash {
        guard var root = subtrees.last else { return MerkleTree.emptyRoot }
        for left in subtrees.dropLast().reversed() { root = MerkleTree.nodeHash(left, root) }
        return root
    }
}

extension MerkleTree.Hash {
    /// Lower-case hexadecimal.
    public var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
