import Crypto
import EventModel
import EventTestKit
import SeededRandom
import Testing

@testable import SubjectKeys

@Suite struct `A sealed blob` {
    typealias Example = `The worked example`

    @Test func `opens at no other place`() {
        let place = Example.place
        let event = place.event
        let others = [
            SealedPlace(origin: "rapport.example/other", event: event, schema: 1),
            SealedPlace(origin: place.origin, event: EventKey(source: "/crm/app", id: event.id), schema: 1),
            SealedPlace(origin: place.origin, event: EventKey(source: event.source, id: "other"), schema: 1),
            SealedPlace(origin: place.origin, event: event, schema: 2),
            SealedPlace(origin: place.origin, event: event, schema: 1, slot: 1),
            // The same bytes one behind the other, with another border: lengths keep them apart.
            SealedPlace(
                origin: place.origin, event: EventKey(source: "/crm/web0", id: String(event.id.dropFirst())),
                schema: 1),
        ]
        for other in others {
            #expect(throws: SealedFieldsError.notAuthentic) {
                try Example.key.open(Example.blob, Example.slot, at: other)
            }
        }
    }

    @Test func `opens with no other key, and under no other key id`() throws {
        let name = Example.key.name
        let stranger = SubjectKey(
            id: "k-7f3a", name: name, key: SymmetricKey(data: [UInt8](repeating: 0x12, count: 32)))
        #expect(throws: SealedFieldsError.notAuthentic) {
            try stranger.open(Example.blob, Example.slot, at: Example.place)
        }
        let renamed = SubjectKey(id: "k-7f3b", name: name, key: SymmetricKey(data: [UInt8](repeating: 0x11, count: 32)))
        #expect(throws: SealedFieldsError.otherKey) { try renamed.open(Example.blob, Example.slot, at: Example.place) }
        var slot = Example.slot
        slot.key = "k-7f3b"
        #expect(throws: SealedFieldsError.notAuthentic) { try renamed.open(Example.blob, slot, at: Example.place) }
        slot = Example.slot
        slot.purpose = "sales"
        #expect(throws: SealedFieldsError.otherKey) { try Example.key.open(Example.blob, slot, at: Example.place) }
    }

    @Test func `with one bit flipped is refused, also when its hash is right`() throws {
        for bit in 0..<Example.blob.count * 8 {
            var blob = Example.blob
            blob[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SealedFieldsError.otherBlob) { try Example.key.open(blob, Example.slot, at: Example.place) }
            let slot = Self.slot(for: blob)
            let expected: SealedFieldsError = bit < 8 ? .form : .notAuthentic
            #expect(throws: expected, "bit \(bit)") { try Example.key.open(blob, slot, at: Example.place) }
        }
        for bit in 0..<256 {
            var slot = Example.slot
            slot.fieldRoot[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SealedFieldsError.notAuthentic) {
                try Example.key.open(Example.blob, slot, at: Example.place)
            }
        }
    }

    /// Somebody who holds the key makes a blob that opens to other fields than the leaf's field root commits to.
    @Test func `that opens to other fields is caught by the field root`() throws {
        let key = SymmetricKey(data: [UInt8](repeating: 0x11, count: 32))
        let dataKey = KeyDerivation(key, salt: Example.randomness.salt).expand(Example.place.info("rapport/1/dek"))
        func blob(_ plaintext: String) throws -> [UInt8] {
            let padded = Array(plaintext.utf8) + repeatElement(0x20, count: 128 - plaintext.utf8.count)
            let box = try AES.GCM.seal(
                padded, using: dataKey, nonce: AES.GCM.Nonce(data: Example.randomness.nonce),
                authenticating: Example.place.associatedData(key: "k-7f3a", fieldRoot: Example.slot.fieldRoot))
            return [1] + Example.randomness.salt + Array(box.nonce) + box.ciphertext + box.tag
        }
        #expect(try blob(Example.plaintext) == Example.blob)
        let other = try blob(Example.plaintext.replacing("Ann", with: "Bob"))
        #expect(throws: SealedFieldsError.otherFields) {
            try Example.key.open(other, Self.slot(for: other), at: Example.place)
        }
        for text in [
            "", "{}", "[1]", "{\"a\": 1}", "{\"a\":{}}", "{\"a.b\":1}", "{\"b\":1,\"a\":1}", "{\"a\":1}x", "\u{00}",
        ] {
            let odd = try blob(text)
            #expect(throws: SealedFieldsError.form, "\(text)") {
                try Example.key.open(odd, Self.slot(for: odd), at: Example.place)
            }
        }
    }

    @Test func `of any bytes is refused without a trap`() {
        let seed = UInt64(20_260_105)
        var random = SplitMix64(seed: seed)
        for round in 0..<20_000 {
            var blob = Example.blob
            switch round % 4 {
            case 0: blob = random.bytes(Int.random(in: 0...400, using: &random))
            case 1: blob.removeLast(Int.random(in: 1...blob.count, using: &random))
            case 2: blob += random.bytes(Int.random(in: 1...200, using: &random))
            default:
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    blob[Int.random(in: 0..<blob.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if blob == Example.blob { continue }
            }
            #expect(throws: SealedFieldsError.self, "seed \(seed), round \(round)") {
                try Example.key.open(blob, Self.slot(for: blob), at: Example.place)
            }
        }
    }

    @Test func `gives back any fields, tells equal ones by their tag, and never repeats itself`() throws {
        let seed = UInt64(42)
        var random = SplitMix64(seed: seed)
        var blobs: Set<[UInt8]> = []
        var tags: [[UInt8]: [UInt8]] = [:]
        for round in 0..<2000 {
            let personal = try randomFields(using: &random)
            let sealed = try Example.key.seal(personal, at: Example.place, SealRandomness(using: &random))
            let comment: Comment = "seed \(seed), round \(round)"
            #expect(try Example.key.open(sealed.blob, sealed.slot, at: Example.place) == personal, comment)
            #expect((sealed.blob.count - SealedBlob.overheadByteCount) % 64 == 0, comment)
            #expect(sealed.blob.count < SealedBlob.overheadByteCount + personal.canonical.count + 64, comment)
            #expect(blobs.insert(sealed.blob).inserted, comment)
            #expect(
                tags.updateValue(personal.canonical, forKey: sealed.contentTag) ?? personal.canonical
                    == personal.canonical)
            #expect(Example.key.contentTag(of: personal) == sealed.contentTag, comment)
        }
        #expect(Set(tags.values).count == tags.count, "equal fields had different tags")
    }

    @Test func `of a whole number of paddings is not padded further`() throws {
        for length in 1...200 {
            let personal = try fields(("a", "\"" + String(repeating: "x", count: length) + "\""))
            let sealed = try Example.key.seal(personal, at: Example.place, Example.randomness)
            #expect(sealed.blob.count == 61 + (length + 8 + 63) / 64 * 64)
            #expect(try Example.key.open(sealed.blob, sealed.slot, at: Example.place) == personal)
        }
    }

    private static func slot(for blob: [UInt8]) -> PersonalSlot {
        var slot = Example.slot
        slot.ciphertextHash = Array(SHA256.hash(data: blob))
        slot.ciphertextByteCount = UInt32(blob.count)
        return slot
    }
}

@Suite struct `Random words for seals` {
    @Test func `differ, between generators too, and have as many ones as zeros`() {
        var (one, other) = (KeyErasureGenerator(), KeyErasureGenerator())
        var seen: Set<UInt64> = []
        var oneBits = 0
        // Past two questions to the system: 256 blocks of 256 words.
        for _ in 0..<150_000 {
            let words = [one.next(), other.next()]
            for word in words {
                oneBits += word.nonzeroBitCount
                #expect(seen.insert(word).inserted)
            }
        }
        // 19.2 million fair bits: the standard deviation is 2,191; six of them is one false alarm in 500 million.
        #expect(abs(oneBits - 9_600_000) < 6 * 2191)
    }
}
