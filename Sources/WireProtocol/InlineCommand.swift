/// Splits a command that somebody typed as a plain line, by the rules of Redis (`sdssplitargs` in its `sds.c`).
///
/// Words are separated by spaces or tabs. Between double quotation marks `\n \r \t \b \a \xHH` are escapes and any
/// other character after a backslash is itself; between single ones only `\'` is.
enum InlineCommand {
    /// The words of the line.
    ///
    /// - Throws: `unbalancedQuotes`; and `http` for a line that a browser would send, so that no web page can reach
    ///   the log through its visitor's machine.
    static func split(_ line: [UInt8]) throws(ProtocolError) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var rest = (line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...])
        while true {
            rest = rest.drop(while: isSpace)
            guard let first = rest.first else { break }
            switch first {
            case UInt8(ascii: "\""): words.append(try doubleQuoted(&rest))
            case UInt8(ascii: "'"): words.append(try singleQuoted(&rest))
            default:
                let word = rest.prefix { !isSpace($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
                rest = rest.dropFirst(word.count)
                guard rest.first.map(isSpace) ?? true else { throw .unbalancedQuotes }
                words.append(Array(word))
            }
            if words.count == 1, let word = words.first, isHTTP(word) { throw .http }
        }
        return words
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private static func isHTTP(_ word: [UInt8]) -> Bool {
        let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "HOST:"]
        return methods.contains { Words.match(word, $0) }
    }

    private static func doubleQuoted(_ rest: inout ArraySlice<UInt8>) throws(ProtocolError) -> [UInt8] {
        rest.removeFirst()
        var word: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                guard rest.first.map(isSpace) ?? true else { throw .unbalancedQuotes }
                return word
            case UInt8(ascii: "\\"): word.append(try escaped(&rest))
            default: word.append(byte)
            }
        }
        throw .unbalancedQuotes
    }

    private static func escaped(_ rest: inout ArraySlice<UInt8>) throws(ProtocolError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .unbalancedQuotes }
        switch byte {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "x"):
            let digits = rest.prefix(2).compactMap(hexDigit)
            guard digits.count == 2 else { return byte }
            rest = rest.dropFirst(2)
            return digits[0] << 4 | digits[1]
        default: return byte
        }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func singleQuoted(_ rest: inout ArraySlice<UInt8>) throws(ProtocolError) -> [UInt8] {
        rest.removeFirst()
        var word: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "'") {
                word.append(UInt8(ascii: "'"))
                rest.removeFirst()
            } else if byte == UInt8(ascii: "'") {
                guard rest.first.map(isSpace) ?? true else { throw .unbalancedQuotes }
                return word
            } else {
                word.append(byte)
            }
        }
        throw .unbalancedQuotes
    }
}

/// Compares words of the wire, which are ASCII and case-insensitive.
enum Words {
    /// Whether the bytes are the word, given in capitals.
    static func match(_ bytes: [UInt8], _ word: String) -> Bool {
        bytes.count == word.utf8.count && zip(bytes, word.utf8).allSatisfy { capital($0) == $1 }
    }

    /// A letter `a`–`z` as a capital, any other byte as it is.
    static func capital(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte - 0x20 : byte
    }
}
