/// Commands in RESP as bytes, for requests that are made by the hundred thousand.
extension [UInt8] {
    /// `*n`: how many words the command has.
    mutating func appendWordCount(_ count: Int) { appendLine("*", count) }

    /// One word.
    mutating func appendWord(_ text: String) {
        appendLine("$", text.utf8.count)
        self += text.utf8
        appendLineEnd()
    }

    /// One word of bytes.
    mutating func appendWord(_ bytes: some Collection<UInt8>) {
        appendLine("$", bytes.count)
        self += bytes
        appendLineEnd()
    }

    private mutating func appendLine(_ sign: Character, _ number: Int) {
        self += "\(sign)\(number)\r\n".utf8
    }

    private mutating func appendLineEnd() {
        append(UInt8(ascii: "\r"))
        append(UInt8(ascii: "\n"))
    }
}

/// Numbers as letters `a` to `p`, sixteen to the digit, so that nothing made of them can look like a telephone number.
enum Letters {
    /// Writes the number's lowest digits over the bytes from an index on.
    static func write(_ number: UInt64, digitCount: Int, over bytes: inout [UInt8], at index: Int) {
        var rest = number
        for place in stride(from: index + digitCount - 1, through: index, by: -1) {
            bytes[place] = UInt8(ascii: "a") + UInt8(rest & 15)
            rest >>= 4
        }
    }

    /// The number's lowest digits.
    static func text(_ number: UInt64, digitCount: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: digitCount)
        write(number, digitCount: digitCount, over: &bytes, at: 0)
        return String(decoding: bytes, as: UTF8.self)
    }
}
