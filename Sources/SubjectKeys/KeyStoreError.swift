public import DurableFiles
public import EventModel
public import LMDB

/// Why the key store did not answer.
public enum KeyStoreError: ExplainedError, Hashable {
    /// The root key could not be used.
    case root(KeyRootError)
    /// A file of the store could not be read or written.
    case file(FileError)
    /// The disk has no room for a new key.
    case noRoom
    /// LMDB did not do what it was asked for.
    case storage(LMDBError)
    /// A row's checksum or form is broken; the name of its table.
    case damagedRow(String)
    /// A wrapped key does not open under its epoch's key as the key of its row.
    case damagedKey
    /// The log has sealed fields, and the store of their keys is not there.
    case storeMissing
    /// The key of an epoch is gone: destroyed, or not restored.
    case epochMissing(UInt32)
    /// The store holds keys of a newer epoch than the epoch files know.
    case epochsStale(stored: UInt32, known: UInt32)
    /// The store has a format that this build does not know.
    case format

    public var code: ErrorCode {
        switch self {
        case .damagedRow, .damagedKey: .corrupt
        case .noRoom: .logFull
        default: .unavailable
        }
    }

    /// Whether a file could not grow.
    var isOutOfSpace: Bool {
        switch self {
        case .file(let error): error.isOutOfSpace
        case .storage(let error): error == .diskFull
        default: false
        }
    }

    public var description: String {
        switch self {
        case .noRoom:
            "there is no room for the key of a personal field. Nothing was written. Free space on the disk of the data "
                + "directory; appends are taken again by themselves."
        case .root(let error):
            "\(error). No personal field can be sealed or opened. Give the server the root key of this data directory, "
                + "readable by its user alone."
        case .file(let error):
            "a file of the key store failed: \(error). Personal fields cannot be sealed or opened. Find the disk's "
                + "error; restart the server if it goes on."
        case .storage(let error):
            "the key store failed: \(error). Personal fields cannot be sealed or opened. Find the disk's error; "
                + "restart the server if it goes on."
        case .damagedRow(let table):
            "a row of the key store's table '\(table)' is damaged. The fields under its key cannot be opened. "
                + "Restore the key store from its backup."
        case .damagedKey:
            "a wrapped key does not open. The fields under it cannot be opened. Restore key store and epoch keys "
                + "that belong together."
        case .storeMissing:
            "the log has sealed personal fields, and the directory of their keys is not there. No store was made in "
                + "its place, because what is sealed could never be opened again. Restore the key store from a backup."
        case .epochMissing(let epoch):
            "the key of epoch \(epoch) is not there. What it wrapped cannot be opened. If it was not destroyed on "
                + "purpose, restore the epoch keys from their backup."
        case .epochsStale(let stored, let known):
            "the key store is at epoch \(stored), and the epoch keys end at \(known). The store was not opened, "
                + "because new keys would be lost. Restore the epoch keys from their backup."
        case .format:
            "the key store has a format that this build does not know. It was not opened. Use the build that wrote it."
        }
    }
}
