import Foundation

/// A file of lines to be written, or standard output for `-`.
final class OutputFile {
    private let handle: FileHandle
    private let path: String
    private var buffer: [UInt8] = []

    /// Bytes that are gathered before they are written.
    private static let bufferByteCount = 256 * 1024

    init(_ path: String) throws(Failure) {
        self.path = path
        guard path != "-" else {
            handle = .standardOutput
            return
        }
        guard let handle = Self.open(path) else {
            throw Failure(.usage, "the file '\(path)' cannot be written. Nothing was sent. Choose another place.")
        }
        self.handle = handle
    }

    /// Opens what stands there already, and makes a file only where there is nothing.
    ///
    /// Foundation makes a file by putting a new one in the place of the old: run as root, that turns a device such as
    /// `/dev/null` into a plain file. So what exists is written as it is, and only a plain file is emptied first.
    private static func open(_ path: String) -> FileHandle? {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else {
            // For its owner alone: rejected lines may hold customer data.
            guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                return nil
            }
            return FileHandle(forWritingAtPath: path)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else { return nil }
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? files.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType
        guard type == .typeRegular else { return handle }
        do { try handle.truncate(atOffset: 0) } catch { return nil }
        return handle
    }

    /// Adds a line.
    func write(_ line: [UInt8]) throws(Failure) {
        buffer += line
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.bufferByteCount { try flush() }
    }

    /// Writes what is left and closes the file.
    func finish() throws(Failure) {
        try flush()
        if path != "-" { try? handle.close() }
    }

    private func flush() throws(Failure) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        guard path != "-" else { return Console.write(buffer) }
        do { try handle.write(contentsOf: Data(buffer)) } catch {
            throw Failure(
                .usage, "the file '\(path)' cannot be written any further. It is incomplete. Make room on its disk.")
        }
    }
}
