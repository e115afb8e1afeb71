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
        // A file of its owner alone: rejected lines may hold customer data.
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: attributes),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Failure(.usage, "the file '\(path)' cannot be written. Nothing was sent. Choose another place.") }
        self.handle = handle
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
