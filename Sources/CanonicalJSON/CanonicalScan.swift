/// Goes through the members of an object, or the elements of a list, of JSON that is canonical already (RFC 8785).
///
/// It finds where values begin and checks no more than that takes, so it is several times as fast as a
/// ``JSONDocument``: it is for bytes that were parsed before they were recorded. Total: of bytes that are no JSON it
/// makes something, and says at the end that they are not ``isWhole``.
public struct CanonicalScan: ~Escapable {
    /// What is scanned.
    package let bytes: Span<UInt8>
    var at: Int
    let closing: UInt8
    /// Whether the closing bracket was reached, and everything before it had the form of members or elements.
    public private(set) var isWhole = false

    /// A scan of the object or the list that begins at an offset; one without anything in it where neither does.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, at start: Int) {
        self.bytes = bytes
        let opening = start < bytes.count ? bytes[start] : 0
        closing = opening == Byte.braceOpen ? Byte.braceClose : Byte.bracketClose
        at = opening == Byte.braceOpen || opening == Byte.bracketOpen ? start + 1 : bytes.count
        if at < bytes.count, bytes[at] == closing {
            isWhole = true
            at = bytes.count
        }
    }

    /// The next member of an object: its name as it is written, without quotation marks, and where its value begins.
    ///
    /// - Returns: `nil` behind the last one.
    public mutating func nextMember() -> (name: Range<Int>, value: Int)? {
        guard at < bytes.count, bytes[at] == Byte.quote, closing == Byte.braceClose else { return nil }
        let end = CanonicalScan.endOfText(at, in: bytes)
        guard end < bytes.count, bytes[end] == Byte.colon else { return nil }
        let name = at + 1..<end - 1
        guard let value = step(over: end + 1) else { return nil }
        return (name, value)
    }

    /// Where the next element of a list begins; `nil` behind the last one.
    public mutating func nextElement() -> Int? {
        guard at < bytes.count, closing == Byte.bracketClose else { return nil }
        return step(over: at)
    }

    /// Moves behind the value at an offset and the comma after it; `nil` if there is no value.
    mutating func step(over value: Int) -> Int? {
        let end = CanonicalScan.endOfValue(value, in: bytes)
        at = bytes.count
        guard end > value, end < bytes.count else { return nil }
        if bytes[end] == Byte.comma {
            at = end + 1
        } else if bytes[end] == closing {
            isWhole = true
        }
        return value
    }

    /// The offset behind the value that begins at an offset.
    static func endOfValue(_ start: Int, in bytes: Span<UInt8>) -> Int {
        guard start < bytes.count else { return start }
        var at = start
        if bytes[at] == Byte.quote { return endOfText(at, in: bytes) }
        while at < bytes.count, bytes[at] &- Byte.zero < 10 { at += 1 }
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case Byte.quote:
                at = endOfText(at, in: bytes)
                if depth == 0 { return at }
            case Byte.braceOpen, Byte.bracketOpen:
                depth += 1
                at += 1
            case Byte.braceClose, Byte.bracketClose:
                guard depth > 0 else { return at }
                depth -= 1
                at += 1
                if depth == 0 { return at }
            case Byte.comma:
                if depth == 0 { return at }
                at += 1
            default:
                at += 1
            }
        }
        return at
    }

    /// The offset behind the closing quotation mark of the text that begins at an offset.
    static func endOfText(_ start: Int, in bytes: Span<UInt8>) -> Int {
        var at = start + 1
        while at < bytes.count {
            while at <= bytes.count - 8 {
                let plainByteCount = PlainText.unquotedByteCount(ofEightAt: at, in: bytes)
                at += plainByteCount
                if plainByteCount < 8 { break }
            }
            guard at < bytes.count else { break }
            let byte = bytes[at]
            at += byte == Byte.backslash ? 2 : 1
            if byte == Byte.quote { return at }
        }
        return bytes.count
    }
}
