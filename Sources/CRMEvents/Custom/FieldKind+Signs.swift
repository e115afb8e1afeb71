extension FieldKind {
    /// Reads a kind as CATALOG.md writes it, for example `i`, `e{low,high}`, `[id]` or `{system:s,id:id!}`.
    ///
    /// The opposite of ``sign``, as far as signs go: `id` may be a party and `s` a currency, which the name of the
    /// field tells (``Field/kind(ofSign:named:)``). CHANGES and maps cannot be written here.
    ///
    /// - Returns: `nil` for anything else, for more than ``signByteCountMax`` bytes, and for lists and objects within
    ///   each other deeper than ``signDepthMax``.
    init?(sign: String) {
        guard sign.utf8.count <= Self.signByteCountMax else { return nil }
        var reader = SignReader(sign)
        guard let kind = reader.kind(depth: 0), reader.isAtEnd else { return nil }
        self = kind
    }

    /// Bytes of a sign at most.
    static let signByteCountMax = 4096
    /// Lists and objects within each other at most.
    static let signDepthMax = 4
    /// Words of an enumeration at most; the table of checks has room for 254.
    static let wordCountMax = 128
}

/// Reads a sign from left to right.
private struct SignReader {
    private var rest: Substring.UTF8View

    init(_ sign: String) { rest = sign.utf8[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func kind(depth: Int) -> FieldKind? {
        guard depth <= FieldKind.signDepthMax else { return nil }
        if take("[") {
            guard let element = kind(depth: depth + 1), take("]") else { return nil }
            return .list(of: element)
        }
        if take("{") { return object(depth: depth) }
        switch word() {
        case "id": return .id
        case "s": return .text
        case "b": return .boolean
        case "i": return .integer
        case "bp": return .basisPoints
        case "m": return .money
        case "ts": return .instant
        case "d": return .civilDay
        case "dur": return .seconds
        case "LINE": return .line
        case "e": return take("{") ? enumeration() : nil
        default: return nil
        }
    }

    /// What follows `e{`.
    private mutating func enumeration() -> FieldKind? {
        var words: [String] = []
        repeat {
            guard let word = word(), word != "LINE", !words.contains(word) else { return nil }
            words.append(word)
        } while take(",")
        return take("}") && words.count <= FieldKind.wordCountMax ? .enumeration(words) : nil
    }

    /// What follows `{`.
    private mutating func object(depth: Int) -> FieldKind? {
        if take("}") { return .anyObject }
        var fields: [Field] = []
        repeat {
            guard let name = word(), CustomName.isPlain(name), !fields.contains(where: { $0.name == name }),
                take(":"), let sign = kind(depth: depth + 1), let kind = Field.kind(ofSign: sign, named: name)
            else { return nil }
            fields.append(take("!") ? .required(name, kind) : .optional(name, kind))
        } while take(",")
        return take("}") && fields.count <= ObjectShape.fieldCountMax ? .object(fields) : nil
    }

    private mutating func take(_ sign: Character) -> Bool {
        guard let byte = rest.first, byte == sign.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// A code; `nil` where none stands. `LINE` is the one word in capitals.
    private mutating func word() -> String? {
        let end = rest.firstIndex { !isPartOfWord($0) } ?? rest.endIndex
        let word = rest[..<end]
        guard (1...FieldKind.codeByteCountMax).contains(word.count) else { return nil }
        rest = rest[end...]
        let text = String(Substring(word))
        return text == "LINE" || Surrogate.isCode(text.utf8.span) ? text : nil
    }

    private func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
