internal import MappedFiles

/// Writes the lines of a filter one after the other, as keys come in their order.
struct SegmentFilterWriter: ~Copyable {
    private static let bufferedLineCount: UInt64 = 64

    let lineCount: UInt64
    /// The line that is being filled.
    private var line: UInt64 = 0
    /// Lines that are not in the file yet, the open one at the end.
    private var lines = OutputBuffer()
    private var offset = 0

    init(lineCount: UInt64) {
        self.lineCount = lineCount
        lines.zeros(SegmentFilter.lineByteCount)
    }

    @inline(__always)
    mutating func insert(_ key: ShortKey, to file: borrowing NewFile) throws(IndexError) {
        let wanted = SegmentFilter.line(of: key, lineCount: lineCount)
        while line < wanted { try closeLine(file) }
        SegmentFilter.insert(key, into: &lines, at: lines.count - SegmentFilter.lineByteCount)
    }

    /// Writes what is left, up to the last line.
    mutating func finish(to file: borrowing NewFile) throws(IndexError) {
        while line < lineCount { try closeLine(file) }
        try lines.write(to: file, at: offset)
    }

    private mutating func closeLine(_ file: borrowing NewFile) throws(IndexError) {
        let start = lines.count - SegmentFilter.lineByteCount
        let checksum = SegmentFilter.checksum(lines.bytes.span.extracting(start..<lines.count), line: line)
        lines.count -= 4
        lines.number(checksum, byteCount: 4)
        line += 1
        guard line < lineCount else { return }
        if line % Self.bufferedLineCount == 0 {
            try lines.write(to: file, at: offset)
            offset += lines.count
            lines.count = 0
        }
        lines.zeros(SegmentFilter.lineByteCount)
    }
}
