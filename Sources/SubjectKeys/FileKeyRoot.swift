internal import Crypto
internal import DurableFiles
internal import Glibc

/// A root key in a file of 32 bytes that only its owner may read.
///
/// Whoever has a copy of the file and of what it wraps can open everything: keep it off the machine's backups.
public struct FileKeyRoot: KeyRoot {
    /// Bytes of the file.
    public static let byteCount = 32

    private let key: SymmetricKey

    /// Reads the root key.
    ///
    /// - Throws: ``KeyRootError/missing``, or ``KeyRootError/unfitFile(_:)`` unless the file is regular, belongs to
    ///   this user, has mode 0600 or 0400 and 32 bytes.
    public init(at path: String) throws(KeyRootError) {
        let bytes: [UInt8]?
        do {
            bytes = try PrivateFile.read(path, byteCount: Self.byteCount)
        } catch {
            throw .unfitFile(error.description)
        }
        guard let bytes else { throw .missing }
        key = SymmetricKey(data: bytes)
    }

    /// Makes a new root key: mode 0600, on disk when the call returns. One that stands is never replaced.
    ///
    /// - Throws: ``KeyRootError/exists`` or ``KeyRootError/unfitFile(_:)``.
    public static func create(
        at path: String, using generator: inout some RandomNumberGenerator
    ) throws(KeyRootError) -> FileKeyRoot {
        do {
            try PrivateFile.create(path, with: generator.bytes(byteCount))
        } catch .file(let error) where error.code == EEXIST {
            throw .exists
        } catch {
            throw .unfitFile(error.description)
        }
        return try FileKeyRoot(at: path)
    }

    public func wrap(_ key: [UInt8], context: [UInt8]) throws(KeyRootError) -> [UInt8] {
        guard let wrapped = WrappedKey.wrap(key, under: self.key, context: context) else { throw .otherRoot }
        return wrapped
    }

    public func unwrap(_ wrapped: [UInt8], context: [UInt8]) throws(KeyRootError) -> [UInt8] {
        guard let key = WrappedKey.unwrap(wrapped, under: self.key, context: context) else { throw .otherRoot }
        return key
    }
}
