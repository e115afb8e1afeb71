internal import DurableFiles
internal import LMDB

/// The directory of a key store: one LMDB environment per generation, `g7/`, and `CURRENT` with its number.
///
/// LMDB leaves deleted bytes in free pages, so erasing for good means a new file: the next generation is written
/// whole, `CURRENT` is replaced, the old one removed. A crash leaves the old one or the new one, and a directory beside
/// it that the next opening removes.
struct KeyStoreFiles: Sendable {
    let directory: String
    let mapByteCount: Int

    /// Opens the current generation, the first one where there is none.
    func open() throws(KeyStoreError) -> KeyStore {
        do {
            try DurableFiles.makeDirectory(directory)
            guard let number = try DurableFiles.read(current) else {
                try remove(1)
                let store = try create(1)
                try store.write([StateWord.format.row(Self.format)])
                try setCurrent(1)
                return store
            }
            guard let generation = UInt64(String(decoding: number, as: UTF8.self)), generation > 0 else {
                throw KeyStoreError.format
            }
            try remove(generation - 1)
            try remove(generation + 1)
            let store = try KeyStore(at: path(generation), generation: generation, mapByteCount: mapByteCount)
            guard try store.number(.format) == Self.format else { throw KeyStoreError.format }
            return store
        } catch {
            throw Self.storeError(error)
        }
    }

    /// Writes rows into a new generation and makes it the current one.
    func replace(_ store: KeyStore, with rows: [Row]) throws(KeyStoreError) -> KeyStore {
        do {
            try remove(store.generation + 1)
            let next = try create(store.generation + 1)
            // In steps, since a transaction keeps what it has touched in memory.
            for start in stride(from: 0, to: rows.count, by: 50_000) {
                try next.write(Array(rows[start..<min(start + 50_000, rows.count)]))
            }
            try setCurrent(next.generation)
            return next
        } catch {
            throw Self.storeError(error)
        }
    }

    /// Removes a generation; one that is not there is fine.
    func remove(_ generation: UInt64) throws(KeyStoreError) {
        do {
            guard DurableFiles.isDirectory(path(generation)) else { return }
            for name in try DurableFiles.names(in: path(generation)) {
                try DurableFiles.remove("\(path(generation))/\(name)")
            }
            try DurableFiles.removeDirectory(path(generation))
        } catch {
            throw .file(error)
        }
    }

    private static let format: UInt64 = 1
    private var current: String { directory + "/CURRENT" }
    private func path(_ generation: UInt64) -> String { "\(directory)/g\(generation)" }

    private func create(_ generation: UInt64) throws -> KeyStore {
        try DurableFiles.makeDirectory(path(generation))
        let store = try KeyStore(at: path(generation), generation: generation, mapByteCount: mapByteCount)
        try DurableFiles.syncDirectory(path(generation))
        return store
    }

    private func setCurrent(_ generation: UInt64) throws(FileError) {
        try DurableFiles.replace(current, with: Array("\(generation)".utf8))
    }

    private static func storeError(_ error: any Error) -> KeyStoreError {
        switch error {
        case let error as KeyStoreError: error
        case let error as FileError: .file(error)
        case let error as LMDBError: .storage(error)
        default: .format
        }
    }
}
