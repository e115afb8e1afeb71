import Crypto
import Foundation
import Testing
import TransparencyLog

/// Vectors of `transparency-dev/merkle` and of VERIFIABILITY.md 6, accepted by three verifiers.
@Suite struct `The Merkle tree` {
    private static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `has the roots of RFC 6962, size by size`() {
        var builder = MerkleRootBuilder()
        #expect(builder.root.hexadecimal == Self.roots[0])
        #expect(MerkleTree.emptyRoot.hexadecimal == Self.roots[0])
        for (size, leaf) in Self.leaves.enumerated() {
            builder.append(Self.bytes(hex: leaf))
            #expect(builder.leafCount == UInt64(size + 1))
            #expect(builder.root.hexadecimal == Self.roots[size + 1], "size \(size + 1)")
        }
    }

    @Test func `hashes a leaf behind a zero byte`() {
        #expect(
            MerkleTree.leafHash(Array("L123456".utf8)).hexadecimal
                == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")
        #expect(MerkleTree.leafHash([]).hexadecimal == Self.roots[1])
    }

    /// The published vector `node("N123", "N456")` has children that are no hashes, so the same bytes are
    /// hashed here by hand; `nodeHash` itself takes hashes only.
    @Test func `hashes a node behind a one byte`() {
        let vector = SHA256.hash(data: [0x01] + Array("N123".utf8) + Array("N456".utf8))
        #expect(vector.hexadecimal == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb")
        let left = MerkleTree.leafHash([])
        let right = MerkleTree.leafHash([0x00])
        #expect(MerkleTree.nodeHash(left, right).hexadecimal == Self.roots[2])
    }

    @Test func `has the roots at the edges of tiles`() {
        let expected: [UInt64: String] = [
            255: "Ii2g9sCB3Dlo+4ZJZtjY6hkFzNtNvuM0WabcSOsh0nU=",
            256: "1WpOHKSIeSyDfM1/qYXrqmfDXBe25wuAzTG+z62FGxc=",
            257: "6sxCy9aaRpNMQLARCcKz6jKIDaigU8zk4Mli0J9pttA=",
            65535: "bi6/lD/4Rl1aJjY0hyGhBx+uS3ld6xuADcbGZTTdXs4=",
            65536: "+0HcwkXYirGVA/pd2kj0hAVU1BqUAWs0YIcOWhUs/yg=",
            65537: "ile/ynlmJwuPjHO/a6EukTyxqvjbbnkbowfoaC3P6pk=",
            70001: "DWRwIkZmDfGXAvscs6Y295YHjGe5gWeQNI3/yfAmhQA=",
        ]
        var builder = MerkleRootBuilder()
        var foundCount = 0
        for index in 0..<70_001 {
            builder.append(Array("event \(index)".utf8))
            guard let root = expected[builder.leafCount] else { continue }
            foundCount += 1
            #expect(Data(builder.root).base64EncodedString() == root, "size \(builder.leafCount)")
        }
        #expect(foundCount == expected.count)
    }

    @Test func `has the root of Tessera's golden log`() {
        var builder = MerkleRootBuilder()
        let leaves = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten"
        for leaf in leaves.split(separator: " ") { builder.append(Array(leaf.utf8)) }
        #expect(Data(builder.root).base64EncodedString() == "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=")
    }

    /// RFC 6962 section 2.1 as it is written: split at the largest power of two below the count.
    @Test func `agrees with the recursive definition at every size up to 130`() {
        func root(_ leaves: ArraySlice<[UInt8]>) -> MerkleTree.Hash {
            guard leaves.count > 1 else { return leaves.first.map(MerkleTree.leafHash) ?? MerkleTree.emptyRoot }
            var split = 1
            while split * 2 < leaves.count { split *= 2 }
            let middle = leaves.startIndex + split
            return MerkleTree.nodeHash(root(leaves[..<middle]), root(leaves[middle...]))
        }
        let leaves = (0..<130).map { [UInt8(truncatingIfNeeded: $0), 7] }
        var builder = MerkleRootBuilder()
        for size in 1...leaves.count {
            builder.append(leaves[size - 1])
            #expect(builder.root == root(leaves[..<size]), "size \(size)")
        }
    }

    private static func bytes(hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
