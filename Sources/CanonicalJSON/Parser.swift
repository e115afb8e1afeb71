/// The one-pass parser behind ``JSONDocument``.
///
/// Invariants: `cursor` never passes the end; `deviations` counts everything that stands between the bytes
/// so far and their canonical form, so a value is canonical exactly when the count did not grow inside it.
struct Parser: ~Escapable {
    let bytes: Span<UInt8>
    let depthMax: Int
    var cursor = 0
    var deviations = 0
    var tape: [TapeEntry] = []
    /// Tape indexes of the names of all open objects, outermost first.
    var names: [UInt32] = []
    /// For each of `names` a mark that equal names share.
    var marks: [UInt32] = []

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
        // A guess for events, whose tokens are 12 bytes long on average; the array grows when it is wrong.
        tape.reserveCapacity(bytes.count / 12 + 8)
        names.reserveCapacity(32)
        marks.reserveCapacity(32)
    }

    mutating func parseDocument() throws(JSONError) {
        skipWhitespace()
        guard cursor < bytes.count else { throw JSONError(.empty, at: cursor) }
        try parseValue(depth: 0)
        skipWhitespace()
        guard cursor == bytes.count else { throw JSONError(.trailingBytes, at: cursor) }
    }

    mutating func parseValue(depth: Int) throws(JSONError) {
        switch peek() {
        case Byte.quote: try parseText()
        case Byte.braceOpen: try parseObject(depth: depth)
        case Byte.bracketOpen: try parseArray(depth: depth)
        case Byte.minus, Byte.zero...Byte.nine: try parseInteger()
        case UInt8(ascii: "t"): try parseLiteral("true", .yes)
        case UInt8(ascii: "f"): try parseLiteral("false", .no)
        case UInt8(ascii: "n"): try parseLiteral("null", .null)
        default: throw unexpected(wanted: "a value")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) {
        let (start, own, before, firstName) = (cursor, tape.count, deviations, names.count)
        try open(.object, depth: depth)
        var isSorted = true
        var seen: UInt64 = 0
        var mayRepeat = false
        if peek() == Byte.braceClose {
            cursor += 1
        } else {
            repeat {
                skipWhitespace()
                guard peek() == Byte.quote else { throw unexpected(wanted: "a member name in quotation marks") }
                let name = tape.count
                try parseText()
                if isSorted, names.count > firstName {
                    let previous = tape[Int(names[names.count - 1])]
                    isSorted = NameOrder.compare(previous, tape[name], in: bytes) < 0
                }
                mayRepeat = noteName(name, from: firstName, seen: &seen) || mayRepeat
                skipWhitespace()
                guard peek() == Byte.colon else { throw unexpected(wanted: "a colon") }
                cursor += 1
                skipWhitespace()
                try parseValue(depth: depth + 1)
                skipWhitespace()
            } while try passComma(or: Byte.braceClose, wanted: "a comma or a closing brace")
        }
        let count = names.count - firstName
        if !isSorted {
            deviations += 1
            if mayRepeat { try refuseDuplicates(from: firstName) }
        }
        names.removeLast(count)
        marks.removeLast(count)
        tape[own] = TapeEntry(
            .object, start: start, end: cursor, next: tape.count, count: count,
            isCanonical: deviations == before, isIrregular: !isSorted)
    }

    private mutating func parseArray(depth: Int) throws(JSONError) {
        let (start, own, before) = (cursor, tape.count, deviations)
        try open(.array, depth: depth)
        var count = 0
        if peek() == Byte.bracketClose {
            cursor += 1
        } else {
            repeat {
                skipWhitespace()
                try parseValue(depth: depth + 1)
                skipWhitespace()
                count += 1
            } while try passComma(or: Byte.bracketClose, wanted: "a comma or a closing bracket")
        }
        tape[own] = TapeEntry(
            .array, start: start, end: cursor, next: tape.count, count: count,
            isCanonical: deviations == before, isIrregular: false)
    }

    /// Passes the opening bracket and keeps a place on the tape for it.
    private mutating func open(_ kind: TapeKind, depth: Int) throws(JSONError) {
        guard depth < depthMax else { throw JSONError(.tooDeep(limit: depthMax), at: cursor) }
        tape.append(
            TapeEntry(kind, start: cursor, end: cursor, next: 0, isCanonical: false, isIrregular: false))
        cursor += 1
        skipWhitespace()
    }

    /// Whether a comma follows, and so another entry; the closing byte ends the loop.
    private mutating func passComma(or closing: UInt8, wanted: String) throws(JSONError) -> Bool {
        let byte = peek()
        guard byte == Byte.comma || byte == closing else { throw unexpected(wanted: wanted) }
        cursor += 1
        return byte == Byte.comma
    }

    private mutating func parseLiteral(_ word: String, _ kind: TapeKind) throws(JSONError) {
        let start = cursor
        for byte in word.utf8 {
            guard peek() == byte else { throw unexpected(wanted: "the word \(word)") }
            cursor += 1
        }
        tape.append(
            TapeEntry(kind, start: start, end: cursor, next: tape.count + 1, isCanonical: true, isIrregular: false))
    }

    /// The byte at the cursor; 0, which the grammar has nowhere, at the end.
    func peek() -> UInt8 { cursor < bytes.count ? bytes[cursor] : 0 }

    mutating func skipWhitespace() {
        guard cursor < bytes.count, bytes[cursor] <= 0x20 else { return }
        let start = cursor
        scan: while cursor < bytes.count {
            switch bytes[cursor] {
            case 0x20, 0x09, 0x0A, 0x0D: cursor += 1
            default: break scan
            }
        }
        if cursor != start { deviations += 1 }
    }

    func unexpected(wanted: String) -> JSONError {
        cursor < bytes.count
            ? JSONError(.unexpectedByte(bytes[cursor], wanted: wanted), at: cursor)
            : JSONError(.unexpectedEnd(wanted: wanted), at: cursor)
    }
}
