internal import Glibc
internal import Synchronization

/// The environments that this process has open, by device and inode of their directory.
enum OpenEnvironments {
    static let identities = Mutex<Set<String>>([])

    static func claim(_ directory: String) throws(LMDBError) -> String {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { throw LMDBError(code: errno) }
        let identity = "\(status.st_dev):\(status.st_ino)"
        let isNew = identities.withLock { $0.insert(identity).inserted }
        if !isNew { throw .alreadyOpen }
        return identity
    }

    static func release(_ identity: String) {
        identities.withLock { _ = $0.remove(identity) }
    }
}
