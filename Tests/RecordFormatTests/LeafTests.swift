import EventModel
import RecordFormat
import Testing
import TransparencyLog

/// The worked example of VERIFIABILITY.md 3.2, which `leaf_reference.py` computes without our code.
@Suite struct `The Merkle leaf` {
    static let zeros = [UInt8](repeating: 0, count: 32)
    static let firstHash = "5b719c5bd5235fffd073eeafdfc40a5e9dee45b27a23c14c295f8181de7110ab"
    static let secondHash = "6916da08d1b68f25f48c4b4f7a82e248a3c249dde4db1505ca81c23e723ecf88"

    static let created = RecordedEvent(
        position: Position(0), stream: StreamName(recorded: "contact-17"), revision: Revision(0),
        time: Timestamp(milliseconds: 1_767_605_400_000), recorded: Timestamp(milliseconds: 1_767_605_400_125),
        content: EventContent(
            type: "contact.created", key: EventKey(source: "/crm/web", id: "01JA0000000000000000000001"),
            actor: "user:u7", data: Array(#"{"contact_id":"17","job_title":"buyer","locale":"zh-CN"}"#.utf8)),
        slots: [
            PersonalSlot(
                key: "k-7f3a", purpose: "identity",
                fieldRoot: bytes(hex: "a51294dc18cc24bd11d734a707930f96ffd9e7c3b94254db6b1d0ccc36443208"),
                ciphertextHash: bytes(hex: "f5443b19b181520248bfd8f3f39c5e699668694429cdfbb62a8175282bce6d41"),
                ciphertextByteCount: 189)
        ])

    static let linked = RecordedEvent(
        position: Position(1), stream: StreamName(recorded: "contact-17"), revision: Revision(1),
        time: Timestamp(milliseconds: 1_767_605_400_000), recorded: Timestamp(milliseconds: 1_767_605_400_126),
        content: EventContent(
            type: "contact.linked", key: EventKey(source: "/crm/web", id: "01JA0000000000000000000002"),
            actor: "user:u7", causation: "01JA0000000000000000000001",
            data: Array(
                (#"{"active":true,"contact_id":"17","primary":true,"role":"decision_maker","#
                    + #""target_id":"42","target_type":"account"}"#).utf8)))

    @Test func `of an event with a personal slot is the worked example, byte for byte`() {
        let expected = bytes(
            hex: """
                52504c31 0000000000000000 0000000000000000 0000019b8d7df23d 0000019b8d7df1c0 00000001
                0000000000000000000000000000000000000000000000000000000000000000
                51036d50053a9286b1ed084fdbbfbf8261e54554150f41480d565eb676f60f0b
                44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
                0000000000000000000000000000000000000000000000000000000000000000
                000a636f6e746163742d3137
                000f636f6e746163742e63726561746564
                00082f63726d2f776562
                001a30314a4130303030303030303030303030303030303030303031
                0007757365723a7537 0000 0000 0000
                01 00066b2d37663361 00086964656e74697479
                a51294dc18cc24bd11d734a707930f96ffd9e7c3b94254db6b1d0ccc36443208
                f5443b19b181520248bfd8f3f39c5e699668694429cdfbb62a8175282bce6d41
                000000bd
                """)
        let leaf = Leaf.bytes(of: Self.created, previous: Self.zeros)
        #expect(leaf == expected)
        #expect(leaf.count == 337)
        #expect(MerkleTree.leafHash(leaf).hexadecimal == Self.firstHash)
    }

    @Test func `of a stream's next event names the leaf hash before`() {
        let expected = bytes(
            hex: """
                52504c31 0000000000000001 0000000000000001 0000019b8d7df23e 0000019b8d7df1c0 00000001
                5b719c5bd5235fffd073eeafdfc40a5e9dee45b27a23c14c295f8181de7110ab
                47c9d3392e81a293da3bc31b47f19763d2358b51c5148264e5037b54d92c49e7
                44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
                0000000000000000000000000000000000000000000000000000000000000000
                000a636f6e746163742d3137
                000e636f6e746163742e6c696e6b6564
                00082f63726d2f776562
                001a30314a4130303030303030303030303030303030303030303032
                0007757365723a7537 0000
                001a30314a4130303030303030303030303030303030303030303031
                0000 00
                """)
        let leaf = Leaf.bytes(of: Self.linked, previous: bytes(hex: Self.firstHash))
        #expect(leaf == expected)
        #expect(leaf.count == 276)
        #expect(MerkleTree.leafHash(leaf).hexadecimal == Self.secondHash)
    }

    @Test func `makes the root of the worked example`() {
        var builder = MerkleRootBuilder()
        builder.append(Leaf.bytes(of: Self.created, previous: Self.zeros))
        builder.append(Leaf.bytes(of: Self.linked, previous: bytes(hex: Self.firstHash)))
        #expect(builder.root.hexadecimal == "fdc491e2e36d0369a08a60ec8c61d5603f02efbecb5aaa72b17c205dae42b027")
    }

    @Test func `follows from the stored record alone`() throws {
        let record = Record.bytes(of: Self.created)
        let span = record.span
        let stored = try RecordView(span, at: .origin).event()
        #expect(stored == Self.created)
        #expect(MerkleTree.leafHash(Leaf.bytes(of: stored, previous: Self.zeros)).hexadecimal == Self.firstHash)
    }

    @Test func `of the largest event has 6,457 bytes and fits a tile entry`() {
        let name = String(repeating: "n", count: 128)
        let slot = PersonalSlot(
            key: name, purpose: name, fieldRoot: Self.zeros, ciphertextHash: Self.zeros, ciphertextByteCount: .max)
        let event = RecordedEvent(
            position: Position(.max), stream: StreamName(recorded: name), revision: Revision(1),
            time: Timestamp(milliseconds: .max), recorded: Timestamp(milliseconds: .max),
            content: EventContent(
                type: name, key: EventKey(source: name, id: name), actor: name, correlation: name, causation: name,
                reason: name),
            slots: Array(repeating: slot, count: 16))
        #expect(Leaf.bytes(of: event, previous: Self.zeros).count == 6457)
    }
}
