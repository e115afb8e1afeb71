internal import Foundation

/// A directory of its own for one test; it goes away with the last reference.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes an empty directory with a short path, since a Unix socket's path has 107 bytes at most.
    public init() throws {
        path = "/tmp/rt-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
