/// One record of a CSV file.
public struct CSVRecord: Hashable, Sendable {
    /// The line on which the record begins, from 1.
    public let line: Int
    /// The fields, unquoted.
    public let fields: [String]

    /// A record from its parts.
    public init(line: Int, fields: [String]) {
        self.line = line
        self.fields = fields
    }

    /// The record as RFC 4180 would write it, without a line break at the end.
    public var encoded: String {
        fields.map { field in
            let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            guard needsQuotes else { return field }
            return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }.joined(separator: ",")
    }
}

/// Reads CSV as RFC 4180 defines it, chunk by chunk, and nothing that merely resembles it.
///
/// Guessing is how amounts end up in the name column, so a stray quote, a bare carriage return, bytes that are not
/// UTF-8 and an unfinished quoted field are errors with their line. Lines end with LF or CRLF; a UTF-8 byte order mark
/// at the start is skipped. Records of unequal length are delivered: whoever knows the header refuses them one by one.
public struct CSVReader: Sendable {
    /// Bytes of one record: a forgotten closing quote must not swallow the memory.
    public static let recordByteCountMax = 1024 * 1024

    private enum State { case fieldStart, unquoted, quoted, quoteInQuoted, afterReturn }

    private var state = State.fieldStart
    private var fields: [String] = []
    private var field: [UInt8] = []
    private var line = 1
    private var recordLine = 1
    private var recordByteCount = 0
    private var offset = 0
    private var markMatched = 0
    private var records: [CSVRecord] = []

    /// A reader at the start of a file.
    public init() {}

    /// Takes the next bytes and returns the records that they complete.
    ///
    /// - Throws: ``CSVError`` at the first byte that RFC 4180 does not allow. The reader is of no use after that.
    public mutating func read(_ bytes: some Sequence<UInt8>) throws(CSVError) -> [CSVRecord] {
        for byte in bytes {
            if offset < 3, try skipByteOrderMark(byte) { continue }
            try take(byte)
        }
        defer { records = [] }
        return records
    }

    /// Ends the file and returns the last record, if the file does not end with a line break.
    public mutating func finish() throws(CSVError) -> [CSVRecord] {
        switch state {
        case _ where (1...2).contains(markMatched) && markMatched == offset:
            throw CSVError(line: line, problem: .notUTF8)
        case .quoted: throw CSVError(line: recordLine, problem: .unfinishedQuote)
        case .afterReturn: throw CSVError(line: line, problem: .bareCarriageReturn)
        case .fieldStart where fields.isEmpty: break
        case .fieldStart, .unquoted, .quoteInQuoted: try endRecord()
        }
        defer { records = [] }
        return records
    }

    /// The mark EF BB BF counts only as a whole: its beginning alone is not UTF-8 and fails as a field.
    private mutating func skipByteOrderMark(_ byte: UInt8) throws(CSVError) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        defer { offset += 1 }
        guard markMatched == offset else { return false }
        guard byte == mark[offset] else {
            field.append(contentsOf: mark[..<markMatched])
            if markMatched > 0 { state = .unquoted }
            return false
        }
        markMatched += 1
        return true
    }

    private mutating func take(_ byte: UInt8) throws(CSVError) {
        recordByteCount += 1
        guard recordByteCount <= Self.recordByteCountMax else {
            throw CSVError(line: recordLine, problem: .recordTooLong)
        }
        switch (state, byte) {
        case (.afterReturn, UInt8(ascii: "\n")): try endRecord()
        case (.afterReturn, _): throw CSVError(line: line, problem: .bareCarriageReturn)
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoted, _):
            if byte == UInt8(ascii: "\n") { line += 1 }
            field.append(byte)
        case (_, UInt8(ascii: ",")): try endField()
        case (_, UInt8(ascii: "\n")): try endRecord()
        case (_, UInt8(ascii: "\r")): state = .afterReturn
        case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            field.append(byte)
            state = .quoted
        case (.quoteInQuoted, _): throw CSVError(line: line, problem: .textAfterQuote)
        case (.unquoted, UInt8(ascii: "\"")): throw CSVError(line: line, problem: .strayQuote)
        case (.fieldStart, _), (.unquoted, _):
            field.append(byte)
            state = .unquoted
        }
    }

    private mutating func endField() throws(CSVError) {
        guard let text = String(validating: field, as: UTF8.self) else {
            throw CSVError(line: recordLine, problem: .notUTF8)
        }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    private mutating func endRecord() throws(CSVError) {
        try endField()
        records.append(CSVRecord(line: recordLine, fields: fields))
        fields = []
        line += 1
        recordLine = line
        recordByteCount = 0
    }
}

/// Why a file is not CSV, and on which line. The content itself is never repeated.
public struct CSVError: Error, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        case strayQuote, textAfterQuote, unfinishedQuote, bareCarriageReturn, notUTF8, recordTooLong, noHeader
    }

    /// The line, from 1.
    public let line: Int
    /// What is wrong there.
    public let problem: Problem

    /// An error on a line.
    public init(line: Int, problem: Problem) {
        self.line = line
        self.problem = problem
    }

    public var description: String {
        let found =
            switch problem {
            case .strayQuote: "has a quotation mark inside an unquoted field"
            case .textAfterQuote: "has text after a closing quotation mark"
            case .unfinishedQuote: "begins a record with a quoted field that never ends"
            case .bareCarriageReturn: "has a carriage return without a line feed"
            case .notUTF8: "begins a record that is not UTF-8"
            case .recordTooLong: "begins a record of more than \(CSVReader.recordByteCountMax) bytes"
            case .noHeader: "should be the header, and the file is empty"
            }
        return "line \(line) \(found). The file is read as RFC 4180 defines CSV, so it was read no further. "
            + "Correct the line, then import the file again: what is there already is recognised."
    }
}
