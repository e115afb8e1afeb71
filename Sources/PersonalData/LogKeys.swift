internal import DurableFiles
public import EventLog
public import SubjectKeys

/// Where the keys of a log lie. `keys/` is backed up apart from the log, `epochs/` and the root key apart from both.
public struct LogKeys {
    /// The key store.
    public let keys: String
    /// The epoch keys.
    public let epochs: String
    /// The file of the root key: 32 bytes, mode 0600.
    public let rootKey: String

    /// The keys of a data directory.
    ///
    /// - Parameter rootKey: the file of the root key; `root.key` in the directory by default.
    public init(of directory: DataDirectory, rootKey: String? = nil) {
        keys = directory.path + "/keys"
        epochs = directory.path + "/epochs"
        self.rootKey = rootKey ?? directory.path + "/root.key"
    }

    /// Whether a key store stands there.
    public var exist: Bool { DurableFiles.isDirectory(keys) }

    /// Opens the keys of a log; those of a log that has none yet are made.
    ///
    /// A root key and a key store are made only where no key store stands and the log has no sealed fields: what is
    /// lost, or was not restored with its log, is never replaced in silence.
    ///
    /// - Throws: ``KeyStoreError``.
    public func open(for log: EventLog) throws(KeyStoreError) -> SubjectKeys {
        var generator = KeyErasureGenerator()
        let hasKeysElsewhere = !exist && (try? log.hasSealedFields) ?? true
        let root = try openRoot(isNew: !exist && !hasKeysElsewhere, &generator)
        if hasKeysElsewhere { throw .storeMissing }
        do throws(FileError) {
            for directory in [keys, epochs] { try DurableFiles.makeDirectory(directory) }
        } catch {
            throw .file(error)
        }
        return try SubjectKeys(at: keys, epochsAt: epochs, root: root, origin: log.identity, using: &generator)
    }

    private func openRoot(isNew: Bool, _ generator: inout KeyErasureGenerator) throws(KeyStoreError) -> FileKeyRoot {
        do throws(KeyRootError) {
            do throws(KeyRootError) {
                return try FileKeyRoot(at: rootKey)
            } catch .missing where isNew {
                return try FileKeyRoot.create(at: rootKey, using: &generator)
            }
        } catch {
            throw .root(error)
        }
    }
}
