internal import Crypto
public import EventModel

extension SealedFields {
    /// Whether the blob is the one to which its slot, and with it the Merkle leaf, is bound.
    public var isBound: Bool {
        blob.count == Int(slot.ciphertextByteCount) && Array(SHA256.hash(data: blob)) == slot.ciphertextHash
    }
}
