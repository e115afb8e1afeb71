import EventModel

/// Reads the arguments of one command from left to right.
struct ArgumentReader {
    /// The command, for the grammar in errors.
    let command: CommandName
    private var rest: ArraySlice<[UInt8]>

    /// The arguments behind the name. Checks their number against the table.
    init(_ command: CommandName, _ arguments: [[UInt8]]) throws(RequestError) {
        self.command = command
        rest = arguments.dropFirst()
        guard command.doc.allows(argumentCount: arguments.count) else {
            throw fail("the number of arguments is not right")
        }
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// How many arguments are left.
    var count: Int { rest.count }

    /// A syntax error of this command.
    func fail(_ problem: String) -> RequestError { .syntax(command, problem: problem) }

    /// Consumes the word, given in capitals, if it comes next.
    mutating func take(_ word: String) -> Bool {
        guard let next = rest.first, Words.match(next, word) else { return false }
        rest.removeFirst()
        return true
    }

    /// The next argument as it is.
    mutating func bytes(_ what: String) throws(RequestError) -> [UInt8] {
        guard let next = rest.popFirst() else { throw fail("the \(what) is missing") }
        return next
    }

    /// A text of at most `Limits.nameByteCountMax` bytes without control characters.
    mutating func text(_ what: String) throws(RequestError) -> String {
        let bytes = try bytes(what)
        guard bytes.count <= Limits.nameByteCountMax else {
            throw .pastLimit(what: "bytes in the \(what)", count: bytes.count, limit: Limits.nameByteCountMax)
        }
        return try validated(bytes, what)
    }

    /// The path of a file on the server's machine; absolute, so that it does not depend on where the server started.
    mutating func path(_ what: String) throws(RequestError) -> String {
        let bytes = try bytes(what)
        guard bytes.count <= Self.pathByteCountMax else {
            throw .pastLimit(what: "bytes in the \(what)", count: bytes.count, limit: Self.pathByteCountMax)
        }
        guard bytes.first == UInt8(ascii: "/") else { throw fail("the \(what) does not begin with a slash") }
        return try validated(bytes, what)
    }

    /// Linux' PATH_MAX with its terminator.
    private static let pathByteCountMax = 4095

    /// Names between commas, none of them empty, at most `Limits.termCountMax`.
    mutating func list(_ what: String) throws(RequestError) -> [String] {
        let bytes = try bytes(what)
        let parts = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count <= Limits.termCountMax else {
            throw .pastLimit(what: "names in the \(what)", count: parts.count, limit: Limits.termCountMax)
        }
        var names: [String] = []
        for part in parts {
            guard !part.isEmpty else { throw fail("the \(what) has an empty name") }
            // A term is a kind, a colon and a name.
            guard part.count <= 2 * Limits.nameByteCountMax else {
                throw .pastLimit(
                    what: "bytes in a name of the \(what)", count: part.count, limit: 2 * Limits.nameByteCountMax)
            }
            names.append(try validated(Array(part), what))
        }
        return names
    }

    /// A plain decimal number within a range.
    mutating func number(_ what: String, in range: ClosedRange<UInt64> = 0...UInt64.max) throws(RequestError) -> UInt64
    {
        let bytes = try bytes(what)
        guard let number = Self.number(bytes), range.contains(number) else {
            let bounds =
                range.upperBound == .max ? "from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw fail("the \(what) is not a whole number \(bounds)")
        }
        return number
    }

    /// A stream name.
    mutating func streamName() throws(RequestError) -> StreamName {
        let bytes = try bytes("stream name")
        guard bytes.count <= Limits.nameByteCountMax else {
            throw .invalidName(InvalidName(what: "stream name", problem: .tooLong(byteCount: bytes.count)))
        }
        let text = try validated(bytes, "stream name")
        do throws(InvalidName) { return try StreamName(text) } catch { throw .invalidName(error) }
    }

    /// An RFC 3339 time, or milliseconds since 1970.
    mutating func time(_ what: String) throws(RequestError) -> Timestamp {
        let bytes = try bytes(what)
        if bytes.count <= Limits.nameByteCountMax, let text = String(validating: bytes, as: UTF8.self) {
            if let time = Timestamp(text) { return time }
            let digits = bytes.first == UInt8(ascii: "-") ? Array(bytes.dropFirst()) : bytes
            if Self.number(digits) != nil, let milliseconds = Int64(text),
                Self.millisecondsOfRFC3339.contains(milliseconds)
            {
                return Timestamp(milliseconds: milliseconds)
            }
        }
        throw fail("the \(what) is neither an RFC 3339 time, such as 2026-01-05T09:30:00Z, nor milliseconds since 1970")
    }

    /// `from until`: `from` is included and `until` is not; `-` and `+` leave an end open.
    mutating func timeRange(_ what: String) throws(RequestError) -> TimeRange {
        let from = take("-") ? nil : try time(what)
        let until = take("+") ? nil : try time("second " + what)
        if let from, let until, from >= until { throw fail("the second \(what) is not past the first") }
        return TimeRange(from: from, until: until)
    }

    /// Years 0000 to 9999, as the form in text has them.
    private static let millisecondsOfRFC3339: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    private func validated(_ bytes: [UInt8], _ what: String) throws(RequestError) -> String {
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw fail("the \(what) has a control character")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fail("the \(what) is not UTF-8") }
        return text
    }

    /// Digits without sign and without leading zeros, up to 2^64 − 1.
    private static func number(_ bytes: [UInt8]) -> UInt64? {
        guard let first = bytes.first, first != UInt8(ascii: "0") || bytes.count == 1 else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }
}
