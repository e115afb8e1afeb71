/// Cuts bytes into lines, chunk by chunk: NDJSON is one JSON text a line.
///
/// Lines end with LF or CRLF. Lines of nothing but blanks are skipped, but they count. A byte order mark is skipped.
public struct LineSplitter: Sendable {
    /// A line that is not blank.
    public enum Line: Hashable, Sendable {
        case text(number: Int, bytes: [UInt8])
        /// Longer than the limit; the bytes past it were not kept.
        case tooLong(number: Int, byteCount: Int)
    }

    private let byteCountMax: Int
    private var number = 1
    private var current: [UInt8] = []
    private var dropped = 0
    private var lines: [Line] = []

    /// A splitter that keeps lines of at most so many bytes.
    public init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

    /// Takes the next bytes and returns the lines that they complete.
    public mutating func read(_ bytes: [UInt8]) -> [Line] {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            take(bytes[start..<end])
            endLine()
            start = end + 1
        }
        take(bytes[start...])
        defer { lines = [] }
        return lines
    }

    /// Ends the file and returns the last line, if the file does not end with a line break.
    public mutating func finish() -> [Line] {
        if !current.isEmpty || dropped > 0 { endLine() }
        defer { lines = [] }
        return lines
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        let room = byteCountMax + 1 - current.count
        current.append(contentsOf: bytes.prefix(room))
        dropped += max(0, bytes.count - room)
    }

    private mutating func endLine() {
        defer {
            number += 1
            current = []
            dropped = 0
        }
        if current.last == UInt8(ascii: "\r") { current.removeLast() }
        if number == 1, current.starts(with: [0xEF, 0xBB, 0xBF]) { current.removeFirst(3) }
        guard dropped == 0, current.count <= byteCountMax else {
            return lines.append(.tooLong(number: number, byteCount: current.count + dropped))
        }
        guard current.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        lines.append(.text(number: number, bytes: current))
    }
}
