import Foundation

/// Standard output and standard error.
enum Console {
    /// Writes a line to standard output. Where nobody reads any more (`| head`), the program ends quietly.
    static func say(_ line: String) { write(Array((line + "\n").utf8)) }

    /// Writes lines to standard output.
    static func say(_ lines: [String]) { write(Array((lines.joined(separator: "\n") + "\n").utf8)) }

    /// Writes bytes to standard output.
    static func write(_ bytes: [UInt8]) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            exit(ExitStatus.done.rawValue)
        }
    }

    /// Writes a line to standard error.
    static func complain(_ line: String) { note(line + "\n") }

    /// Writes a text to standard error as it stands.
    static func note(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Whether a person watches standard error, so that a line may be rewritten in place.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Cells of a line of output: no limit where it goes to a file or a program.
    static var width: Int {
        guard isatty(STDOUT_FILENO) == 1 else { return .max }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 160
    }
}
