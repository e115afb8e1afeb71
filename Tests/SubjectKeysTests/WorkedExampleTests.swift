import Crypto
import EventModel
import Testing
import TransparencyLog

@testable import SubjectKeys

/// Sections 3.2 and 4.2 of VERIFIABILITY.md, which `leaf_reference.py` computes without our code.
@Suite struct `The worked example` {
    static let key = SubjectKey(
        id: "k-7f3a", name: KeyName(subject: "contact-17", purpose: "identity"),
        key: SymmetricKey(data: [UInt8](repeating: 0x11, count: 32)))
    static let place = SealedPlace(
        origin: "rapport.example/log", event: EventKey(source: "/crm/web", id: "01JA0000000000000000000001"), schema: 1)
    static let randomness = SealRandomness(
        salt: [UInt8](repeating: 0x22, count: 32), nonce: [UInt8](repeating: 0x33, count: 12))
    static let plaintext = #"{"email":"a@example.com","family_name":"Example","given_name":"Ann"}"#
    static let blob = bytes(
        hex: """
            012222222222222222222222222222222222222222222222222222222222222222333333333333333333333333cbd0d3a4fcad08
            e1091a841fc321e98736a00b4b0319c00c3af68150a5a3f467aceaa57027e40e5db02a93426b4813484854dc4a95d11c2c702f14
            5045a4c5784bfffc44f6dcd626535b84876c7d31619fb25d3fbc13988a7c47c5a299fb32e36b6cb037e76e44545bb76c0774469b
            e92d481e34d8f5a95f74cc9fbab30cafaaf01006baff2a99924eaabe874ab4798d
            """)
    static let slot = PersonalSlot(
        key: "k-7f3a", purpose: "identity",
        fieldRoot: bytes(hex: "a51294dc18cc24bd11d734a707930f96ffd9e7c3b94254db6b1d0ccc36443208"),
        ciphertextHash: bytes(hex: "f5443b19b181520248bfd8f3f39c5e699668694429cdfbb62a8175282bce6d41"),
        ciphertextByteCount: 189)

    @Test func `seals to the document's blob and slot, byte for byte`() throws {
        let personal = try fields(
            ("given_name", #""Ann""#), ("family_name", #""Example""#), ("email", #""a@example.com""#))
        #expect(personal.canonical == Array(Self.plaintext.utf8))
        let sealed = try Self.key.seal(personal, at: Self.place, Self.randomness)
        #expect(sealed.blob == Self.blob)
        #expect(sealed.slot == Self.slot)
        // HKDF and HMAC of Python's standard library, over the same key and plaintext.
        #expect(
            hexadecimal(sealed.contentTag) == "31dc9ea58826a44b16fe346ab9fce967f261561b40234e1cd80c9846fe82d41e")
    }

    @Test func `opens the document's blob`() throws {
        let opened = try Self.key.open(Self.blob, Self.slot, at: Self.place)
        #expect(opened.canonical == Array(Self.plaintext.utf8))
        #expect(opened.fields.map(\.path) == ["email", "family_name", "given_name"])
    }

    @Test func `derives the document's data key`() {
        let derivation = KeyDerivation(
            SymmetricKey(data: [UInt8](repeating: 0x11, count: 32)), salt: Self.randomness.salt)
        let expected = bytes(hex: "4055fa6dc1dec2c87cc1daa901c71ce02cb848d67bd6e923e232be806aa668e6")
        #expect(derivation.expand(Self.place.info("rapport/1/dek")) == SymmetricKey(data: expected))
    }

    @Test func `commits to fields with given salts as the document does`() throws {
        let personal = try fields(("phone", #""+100""#), ("name", #""Ann""#), ("email", #""a@example.com""#))
        var builder = MerkleRootBuilder()
        var hashes: [String] = []
        for (field, salt) in zip(personal.fields, [1, 2, 3] as [UInt8]) {
            let leaf = FieldCommitments.leaf(field, salt: [UInt8](repeating: salt, count: 32))
            hashes.append(String(MerkleTree.leafHash(leaf).hexadecimal.prefix(8)))
            builder.append(leaf)
        }
        #expect(hashes == ["a30546e9", "b85eff31", "3b310d9d"])
        #expect(builder.root.hexadecimal == "0c15d00ad69e111206b6fa0932fb4e1f091ce93809cf65ef0f6e5067e739f655")
    }

    /// RFC 5869, appendices A.1 and A.3: the first 32 bytes of their output.
    @Test func `derives keys as RFC 5869 does, with and without salt`() {
        let key = SymmetricKey(data: [UInt8](repeating: 0x0b, count: 22))
        let salted = KeyDerivation(key, salt: bytes(hex: "000102030405060708090a0b0c"))
        let first = bytes(hex: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")
        #expect(salted.expand(bytes(hex: "f0f1f2f3f4f5f6f7f8f9")) == SymmetricKey(data: first))
        let third = bytes(hex: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        #expect(KeyDerivation(key, salt: []).expand([]) == SymmetricKey(data: third))
    }

    @Test func `hashes with keys as HMAC of swift-crypto does`() {
        for count in 0...64 {
            let key = SymmetricKey(data: (0..<count).map { UInt8($0) } + (count == 0 ? [0] : []))
            let message = [UInt8](repeating: 0xa5, count: count * 3)
            #expect(
                [UInt8](KeyedHash(key)(message)) == Array(HMAC<SHA256>.authenticationCode(for: message, using: key)))
        }
    }
}
