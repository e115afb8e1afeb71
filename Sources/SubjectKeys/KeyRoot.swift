/// Where the key of all keys is: a file, or a key service that never lets it out.
///
/// It wraps epoch keys only, a few a year and once per start, so a service may take its time. `context` is what
/// services call the encryption context or associated data: the same bytes must be given to unwrap.
public protocol KeyRoot: Sendable {
    /// Encrypts a key of 32 bytes, with authentication.
    func wrap(_ key: [UInt8], context: [UInt8]) throws(KeyRootError) -> [UInt8]
    /// Gives back what ``wrap(_:context:)`` was given.
    func unwrap(_ wrapped: [UInt8], context: [UInt8]) throws(KeyRootError) -> [UInt8]
}

/// Why a key root could not be used.
public enum KeyRootError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no key where it should be.
    case missing
    /// A key stands where a new one should be made.
    case exists
    /// The key file is not fit to hold a secret, or not readable.
    case unfitFile(String)
    /// The wrapped key was not wrapped by this root, or is damaged.
    case otherRoot
    /// What a key service said.
    case service(String)

    public var description: String {
        switch self {
        case .missing: "the root key is not there"
        case .exists: "a root key is there already"
        case .unfitFile(let why): "the root key's file is not fit: \(why)"
        case .otherRoot: "the root key does not open what was wrapped"
        case .service(let words): "the key service refused: \(words)"
        }
    }
}
