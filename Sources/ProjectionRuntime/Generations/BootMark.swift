internal import DurableFiles

/// The file `BOOT` beside the rows of a generation: in which boot of the machine somebody opened it for writing.
///
/// What was open when the machine stopped is not believed, since nobody knows what of it came to disk.
struct BootMark {
    private let path: String

    init(in directory: String) { path = directory + "/BOOT" }

    /// Whether the generation was open for writing when the machine stopped.
    var isOfAnotherBoot: Bool {
        get throws(ViewError) {
            try Self.storing { () throws(FileError) in
                guard let found = try DurableFiles.read(path) else { return false }
                return found != (try Self.boot())
            }
        }
    }

    /// Marks the generation as open in this boot.
    ///
    /// - Throws: ``ViewError/storage(_:)`` where another boot left it open.
    func set() throws(ViewError) {
        guard try !isOfAnotherBoot else { throw .storage("it was open for writing when the machine stopped") }
        try Self.storing { () throws(FileError) in
            if !DurableFiles.exists(path) { try DurableFiles.replace(path, with: try Self.boot()) }
        }
    }

    /// Says that all rows are on disk.
    func remove() throws(ViewError) {
        try Self.storing { () throws(FileError) in try DurableFiles.remove(path) }
    }

    private static func boot() throws(FileError) -> [UInt8] {
        try DurableFiles.read("/proc/sys/kernel/random/boot_id") ?? []
    }

    private static func storing<Result>(_ body: () throws(FileError) -> Result) throws(ViewError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .storage(error.description)
        }
    }
}
