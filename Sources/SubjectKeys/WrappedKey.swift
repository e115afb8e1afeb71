internal import Crypto

/// A key of 32 bytes under another: nonce 12 ‖ AES-256-GCM ciphertext 32 ‖ tag 16, with the context as associated data,
/// so that a wrapped key opens only as what it was wrapped for.
///
/// The nonce is random, from the system: at most 2³² wraps under one key (NIST SP 800-38D, section 8.3), which is
/// more subjects than an epoch sees.
enum WrappedKey {
    static let byteCount = 60

    /// `nil` if the cipher refuses.
    static func wrap(_ key: [UInt8], under wrapping: SymmetricKey, context: [UInt8]) -> [UInt8]? {
        guard let combined = try? AES.GCM.seal(key, using: wrapping, authenticating: context).combined else {
            return nil
        }
        return Array(combined)
    }

    /// `nil` unless these bytes were wrapped under this key in this context.
    static func unwrap(_ wrapped: [UInt8], under wrapping: SymmetricKey, context: [UInt8]) -> [UInt8]? {
        guard wrapped.count == byteCount, let box = try? AES.GCM.SealedBox(combined: wrapped),
            let key = try? AES.GCM.open(box, using: wrapping, authenticating: context)
        else { return nil }
        return Array(key)
    }
}
