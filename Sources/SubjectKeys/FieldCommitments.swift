internal import Crypto
internal import TransparencyLog

/// Salted commitments to personal fields (VERIFIABILITY.md, section 4.2). They bind the leaf to the plaintext, which
/// AES-GCM does not, and one field can be disclosed without the others.
///
/// A field's leaf is salt 32 ‖ t16(path) ‖ u32 length ‖ canonical value; the leaves stand in the order of the UTF-8
/// bytes of their paths; the field root is their root by RFC 6962.
enum FieldCommitments {
    static func leaf(_ field: PersonalField, salt: [UInt8]) -> [UInt8] {
        var leaf: [UInt8] = []
        leaf.reserveCapacity(38 + field.path.utf8.count + field.value.count)
        leaf.append(contentsOf: salt)
        leaf.appendText16(field.path)
        leaf.appendBigEndian(UInt32(field.value.count))
        leaf.append(contentsOf: field.value)
        return leaf
    }

    /// The field root, with each field's salt as HMAC of its path.
    static func root(of fields: PersonalFields, seed: SymmetricKey) -> [UInt8] {
        let salt = KeyedHash(seed)
        var builder = MerkleRootBuilder()
        for field in fields.fields { builder.append(leaf(field, salt: [UInt8](salt(Array(field.path.utf8))))) }
        return [UInt8](builder.root)
    }
}
