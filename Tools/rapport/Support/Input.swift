import CanonicalJSON
import EventModel
import Foundation

/// Reads what a command line says.
enum Input {
    /// The bytes of a file, or of standard input for `-`.
    static func bytes(of path: String) throws(Failure) -> [UInt8] {
        do {
            let handle =
                try path == "-" ? FileHandle.standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return Array(try handle.readToEnd() ?? Data())
        } catch {
            throw unreadable(path)
        }
    }

    /// A file that cannot be read.
    static func unreadable(_ path: String) -> Failure {
        Failure(.usage, "the file '\(path)' cannot be read. Nothing was sent. Check its name and its permissions.")
    }

    /// JSON with integers only, from a text, `@file`, or `-` for standard input.
    static func json(_ word: String, as what: String) throws(Failure) -> JSON {
        let bytes =
            word == "-"
            ? try bytes(of: "-") : word.hasPrefix("@") ? try bytes(of: String(word.dropFirst())) : Array(word.utf8)
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw Failure(.usage, "\(what): \(error)")
        }
    }

    /// An id for an event: 26 random letters, about 120 bits. No digits, so that none can look like a telephone number.
    static func newID() -> String {
        String((0..<26).map { _ in "abcdefghijkmnpqrstuvwxyz".randomElement() ?? "a" })
    }

    /// This moment, by the clock of this machine.
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    /// A stream's name.
    static func stream(_ text: String) throws(Failure) -> StreamName {
        do throws(InvalidName) { return try StreamName(text) } catch { throw Failure(.usage, error.description) }
    }

    /// A moment: RFC 3339, or a day, which means its end: `2017-06-30` includes the whole day.
    static func moment(_ text: String, isEndOfDay: Bool) throws(Failure) -> Timestamp {
        if let time = Timestamp(text) { return time }
        guard let day = CivilDay(text) else {
            throw Failure(
                .usage,
                "a time is neither RFC 3339 nor a day. Nothing was sent. Write 2026-01-05T09:30:00Z or 2026-01-05.")
        }
        let end = Timestamp(milliseconds: day.start.milliseconds + Timestamp.millisecondsPerDay - 1)
        return isEndOfDay ? end : day.start
    }
}
