/// Texts as RFC 8785 section 3.2.2.2 writes them.
enum CanonicalText {
    /// Appends a text in quotation marks; in one copy when nothing needs an escape.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        let utf8 = text.utf8.span
        for index in utf8.indices where needsEscape(utf8[index]) {
            return append(utf8, to: &bytes)
        }
        bytes.append(Byte.quote)
        bytes.append(contentsOf: text.utf8)
        bytes.append(Byte.quote)
    }

    /// Appends UTF-8 bytes in quotation marks, with the fewest escapes.
    static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(Byte.quote)
        for index in text.indices {
            let byte = text[index]
            if needsEscape(byte) {
                appendEscape(byte, to: &bytes)
            } else {
                bytes.append(byte)
            }
        }
        bytes.append(Byte.quote)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == Byte.quote || byte == Byte.backslash
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(Byte.backslash)
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case Byte.quote, Byte.backslash: bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Byte.zero + byte >> 4)
            let low = byte & 15
            bytes.append(low < 10 ? Byte.zero + low : UInt8(ascii: "a") + low - 10)
        }
    }
}
