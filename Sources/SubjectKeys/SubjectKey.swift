internal import Crypto
public import EventModel

/// What a sealed blob is bound to: it opens nowhere else. Position is not part of it, since sealing comes first.
public struct SealedPlace: Hashable, Sendable {
    /// The log's origin name.
    public let origin: String
    /// Source and id of the event.
    public let event: EventKey
    /// The schema version that the event is recorded with.
    public let schema: UInt32
    /// Which of the event's slots, from 0.
    public let slot: UInt8

    /// A place from its parts.
    public init(origin: String, event: EventKey, schema: UInt32, slot: UInt8 = 0) {
        self.origin = origin
        self.event = event
        self.schema = schema
        self.slot = slot
    }

    /// The `info` of a derivation: purpose ‖ t16(source) ‖ t16(id) ‖ u8 slot.
    func info(_ purpose: String) -> [UInt8] {
        var info = Array(purpose.utf8)
        info.appendText16(event.source)
        info.appendText16(event.id)
        info.append(slot)
        return info
    }

    /// The associated data: t16(origin) ‖ t16(source) ‖ t16(id) ‖ u8 slot ‖ t16(key id) ‖ u32 schema ‖ field root.
    func associatedData(key: String, fieldRoot: [UInt8]) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(43 + origin.utf8.count + event.source.utf8.count + event.id.utf8.count + key.utf8.count)
        data.appendText16(origin)
        data.appendText16(event.source)
        data.appendText16(event.id)
        data.append(slot)
        data.appendText16(key)
        data.appendBigEndian(schema)
        data.append(contentsOf: fieldRoot)
        return data
    }
}

/// The key of one subject and purpose, ready for use: SK of VERIFIABILITY.md, section 4.2.
final class SubjectKey: Sendable {
    /// A random surrogate.
    let id: String
    /// Whose key, and for what.
    let name: KeyName
    private let key: SymmetricKey
    private let content: KeyedHash

    init(id: String, name: KeyName, key: SymmetricKey) {
        self.id = id
        self.name = name
        self.key = key
        content = KeyedHash(KeyDerivation(key, salt: []).expand(Array("rapport/1/content".utf8)))
    }

    /// The content tag of an object.
    func contentTag(of fields: PersonalFields) -> [UInt8] { [UInt8](content(fields.canonical)) }

    /// Seals an object for a place.
    func seal(_ fields: PersonalFields, at place: SealedPlace, _ randomness: SealRandomness) throws(SealError)
        -> SealedFields
    {
        let (dataKey, fieldRoot) = derive(for: fields, at: place, salt: randomness.salt)
        var blob: [UInt8] = []
        blob.reserveCapacity(SealedBlob.overheadByteCount + SealedBlob.paddedByteCount(fields.canonical.count))
        blob.append(SealedBlob.version)
        blob.append(contentsOf: randomness.salt)
        do {
            let box = try AES.GCM.seal(
                SealedBlob.padded(fields.canonical), using: dataKey, nonce: AES.GCM.Nonce(data: randomness.nonce),
                authenticating: place.associatedData(key: id, fieldRoot: fieldRoot))
            // Nonce, ciphertext, tag: the form that swift-crypto combines them in.
            guard let combined = box.combined else { throw SealError.cipherFailed }
            blob.append(contentsOf: combined)
        } catch {
            throw .cipherFailed
        }
        let slot = PersonalSlot(
            key: id, purpose: name.purpose, fieldRoot: fieldRoot, ciphertextHash: [UInt8](blob.sha256),
            ciphertextByteCount: UInt32(blob.count))
        return SealedFields(slot: slot, blob: blob, contentTag: contentTag(of: fields))
    }

    /// Opens a blob that was sealed for a place, and checks it against everything that the slot says.
    ///
    /// AES-GCM does not commit to its key: one blob can open to two objects under two keys. The field root catches it.
    func open(_ blob: [UInt8], _ slot: PersonalSlot, at place: SealedPlace) throws(SealedFieldsError) -> PersonalFields
    {
        guard slot.key == id, slot.purpose == name.purpose else { throw .otherKey }
        guard UInt32(exactly: blob.count) == slot.ciphertextByteCount,
            slot.ciphertextHash == [UInt8](blob.sha256)
        else { throw .otherBlob }
        guard SealedBlob.hasForm(blob) else { throw .form }
        let derivation = KeyDerivation(key, salt: Array(blob[SealedBlob.saltRange]))
        let plaintext: [UInt8]
        do {
            let box = try AES.GCM.SealedBox(combined: blob[SealedBlob.boxStart...])
            plaintext = Array(
                try AES.GCM.open(
                    box, using: derivation.expand(place.info("rapport/1/dek")),
                    authenticating: place.associatedData(key: id, fieldRoot: slot.fieldRoot)))
        } catch {
            throw .notAuthentic
        }
        guard let canonical = SealedBlob.unpadded(plaintext), let fields = try? PersonalFields(canonical: canonical)
        else { throw .form }
        let seed = derivation.expand(place.info("rapport/1/salt"))
        guard FieldCommitments.root(of: fields, seed: seed) == slot.fieldRoot else { throw .otherFields }
        return fields
    }

    private func derive(
        for fields: PersonalFields, at place: SealedPlace, salt: [UInt8]
    ) -> (dataKey: SymmetricKey, fieldRoot: [UInt8]) {
        let derivation = KeyDerivation(key, salt: salt)
        let seed = derivation.expand(place.info("rapport/1/salt"))
        return (derivation.expand(place.info("rapport/1/dek")), FieldCommitments.root(of: fields, seed: seed))
    }
}
