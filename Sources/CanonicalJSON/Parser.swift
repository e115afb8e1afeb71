/// The one-pass parser behind ``JSONDocument``.
///
/// Invariants: `cursor` never passes the end; `deviations` counts everything that stands between the bytes
/// so far and their canonical form, so a value is canonical exactly when the count did not grow inside it.
struct Parser: ~Escapable {
    typealias Tape = OutputSpan<TapeEntry>

    let bytes: Span<UInt8>
    let depthMax: Int
    var cursor = 0
    var deviations = 0
    /// Whether parsing stopped for want of room on the tape and not for a fault of the document.
    var isTapeFull = false

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    /// Parses a whole document. Room is estimated first: the tokens of events are 10 bytes long on average.
    static func tape(of bytes: Span<UInt8>, depthMax: Int) throws(JSONError) -> [TapeEntry] {
        // Each token has a byte of its own and another behind it, but for the last one and the open brackets.
        let most = bytes.count / 2 + depthMax / 2 + 2
        if let tape = try tape(of: bytes, depthMax: depthMax, room: min(bytes.count / 10 + 12, most)) { return tape }
        guard let tape = try tape(of: bytes, depthMax: depthMax, room: most) else {
            preconditionFailure("a token has two bytes")
        }
        return tape
    }

    /// The tape; `nil` if the room did not suffice.
    private static func tape(of bytes: Span<UInt8>, depthMax: Int, room: Int) throws(JSONError) -> [TapeEntry]? {
        var isTapeFull = false
        var tape: [TapeEntry] = []
        tape.reserveCapacity(room)
        try tape.append(addingCapacity: room) { tape throws(JSONError) in
            var parser = Parser(bytes, depthMax: depthMax)
            do throws(JSONError) {
                try parser.parseDocument(&tape)
            } catch {
                guard parser.isTapeFull else { throw error }
                isTapeFull = true
            }
        }
        return isTapeFull ? nil : tape
    }

    private mutating func parseDocument(_ tape: inout Tape) throws(JSONError) {
        skipWhitespace()
        guard cursor < bytes.count else { throw JSONError(.empty, at: cursor) }
        try parseValue(&tape, depth: 0)
        skipWhitespace()
        guard cursor == bytes.count else { throw JSONError(.trailingBytes, at: cursor) }
    }

    private mutating func parseValue(_ tape: inout Tape, depth: Int) throws(JSONError) {
        switch peek() {
        case Byte.quote: try parseText(&tape)
        case Byte.braceOpen: try parseObject(&tape, depth: depth)
        case Byte.bracketOpen: try parseArray(&tape, depth: depth)
        case Byte.minus, Byte.zero...Byte.nine: try parseInteger(&tape)
        case UInt8(ascii: "t"): try parseLiteral("true", .yes, &tape)
        case UInt8(ascii: "f"): try parseLiteral("false", .no, &tape)
        case UInt8(ascii: "n"): try parseLiteral("null", .null, &tape)
        default: throw unexpected(wanted: "a value")
        }
    }

    private mutating func parseObject(_ tape: inout Tape, depth: Int) throws(JSONError) {
        let (start, own, before) = (cursor, tape.count, deviations)
        try open(.object, &tape, depth: depth)
        var names = SeenNames()
        if peek() == Byte.braceClose {
            cursor += 1
        } else {
            repeat {
                skipWhitespace()
                guard peek() == Byte.quote else { throw unexpected(wanted: "a member name in quotation marks") }
                names.note(try parseText(&tape), in: bytes)
                skipWhitespace()
                guard peek() == Byte.colon else { throw unexpected(wanted: "a colon") }
                cursor += 1
                skipWhitespace()
                try parseValue(&tape, depth: depth + 1)
                skipWhitespace()
            } while try passComma(or: Byte.braceClose, wanted: "a comma or a closing brace")
        }
        tape[own] = TapeEntry(
            .object, start: start, end: cursor, next: tape.count, count: names.count,
            isCanonical: deviations == before && names.areSorted, isIrregular: !names.areSorted)
        if !names.areSorted {
            deviations += 1
            if names.mayRepeat { try NameOrder.refuseDuplicates(ofObjectAt: own, tape: tape.span, in: bytes) }
        }
    }

    private mutating func parseArray(_ tape: inout Tape, depth: Int) throws(JSONError) {
        let (start, own, before) = (cursor, tape.count, deviations)
        try open(.array, &tape, depth: depth)
        var count = 0
        if peek() == Byte.bracketClose {
            cursor += 1
        } else {
            repeat {
                skipWhitespace()
                try parseValue(&tape, depth: depth + 1)
                skipWhitespace()
                count += 1
            } while try passComma(or: Byte.bracketClose, wanted: "a comma or a closing bracket")
        }
        tape[own] = TapeEntry(
            .array, start: start, end: cursor, next: tape.count, count: count,
            isCanonical: deviations == before, isIrregular: false)
    }

    /// Passes the opening bracket and keeps a place on the tape for it.
    private mutating func open(_ kind: TapeKind, _ tape: inout Tape, depth: Int) throws(JSONError) {
        guard depth < depthMax else { throw JSONError(.tooDeep(limit: depthMax), at: cursor) }
        try append(
            TapeEntry(kind, start: cursor, end: cursor, next: 0, isCanonical: false, isIrregular: false), &tape)
        cursor += 1
        skipWhitespace()
    }

    @inline(__always)
    mutating func append(_ entry: TapeEntry, _ tape: inout Tape) throws(JSONError) {
        guard tape.freeCapacity > 0 else {
            isTapeFull = true
            throw JSONError(.unexpectedEnd(wanted: "more room"), at: cursor)
        }
        tape.append(entry)
    }

    /// Whether a comma follows, and so another entry; the closing byte ends the loop.
    @inline(__always)
    private mutating func passComma(or closing: UInt8, wanted: String) throws(JSONError) -> Bool {
        let byte = peek()
        guard byte == Byte.comma || byte == closing else { throw unexpected(wanted: wanted) }
        cursor += 1
        return byte == Byte.comma
    }

    private mutating func parseLiteral(
        _ word: String, _ kind: TapeKind, _ tape: inout Tape
    ) throws(JSONError) {
        let start = cursor
        for byte in word.utf8 {
            guard peek() == byte else {
                throw unexpected(wanted: "the word \(word)")
            }
            cursor += 1
        }
        try append(
            TapeEntry(kind, start: start, end: cursor, next: tape.count + 1, isCanonical: true, isIrregular: false),
            &tape)
    }

    /// The byte at the cursor; 0, which the grammar has nowhere, at the end.
    @inline(__always)
    func peek() -> UInt8 { cursor < bytes.count ? bytes[cursor] : 0 }

    @inline(__always)
    mutating func skipWhitespace() {
        guard cursor < bytes.count, bytes[cursor] <= 0x20 else { return }
        skipSeenWhitespace()
    }

    private mutating func skipSeenWhitespace() {
        let start = cursor
        scan: while cursor < bytes.count {
            switch bytes[cursor] {
            case 0x20, 0x09, 0x0A, 0x0D: cursor += 1
            default: break scan
            }
        }
        if cursor != start { deviations += 1 }
    }

    @inline(never)
    func unexpected(wanted: String) -> JSONError {
        cursor < bytes.count
            ? JSONError(.unexpectedByte(bytes[cursor], wanted: wanted), at: cursor)
            : JSONError(.unexpectedEnd(wanted: wanted), at: cursor)
    }
}
