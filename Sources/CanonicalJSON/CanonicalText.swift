/// Texts as RFC 8785 section 3.2.2.2 writes them.
package enum CanonicalText {
    /// Bytes that one byte of a text becomes at most: `\u00xx`.
    private static let escapeByteCountMax = 6

    /// Appends a text in quotation marks.
    ///
    /// The view has a name so that it ends after the call. Without one, Swift 6.3 makes the call the last thing that
    /// its caller does, where this is inlined into one, and leaves the frame in which the span of a text of 15 bytes
    /// at most lies. `Tests/EndToEnd/test_machine_code.py` looks for such calls.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        let utf8 = text.utf8
        append(utf8.span, to: &bytes)
    }

    /// Appends UTF-8 bytes in quotation marks.
    package static func append(_ utf8: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(Byte.quote)
        appendInside(utf8, to: &bytes)
        bytes.append(Byte.quote)
    }

    /// Appends what stands between the quotation marks.
    package static func appendInside(_ utf8: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: utf8.count * escapeByteCountMax) { appendInside(utf8, to: &$0) }
    }

    /// Appends UTF-8 bytes in quotation marks where there is room for ``byteCountMax(_:)``.
    package static func append(_ utf8: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append(Byte.quote)
        appendInside(utf8, to: &output)
        output.append(Byte.quote)
    }

    /// Appends what stands between the quotation marks where there is room for ``byteCountMax(_:)``.
    package static func appendInside(_ utf8: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        if plain.containsAll(of: utf8) {
            output.append(copying: utf8)
        } else {
            for index in utf8.indices { append(utf8[index], to: &output) }
        }
    }

    /// Bytes that a text of so many bytes becomes at most, in quotation marks.
    package static func byteCountMax(_ count: Int) -> Int { count * escapeByteCountMax + 2 }

    /// Printable ASCII but for quotation mark and backslash.
    private static let plain = ASCIISet(" "..."!", "#"..."[", "]"..."~")

    /// Appends one byte of a text, escaped if it has to be.
    static func append(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
        if needsEscape(byte) { appendEscape(byte, to: &output) } else { output.append(byte) }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == Byte.quote || byte == Byte.backslash
    }

    private static func appendEscape(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
        output.append(Byte.backslash)
        switch byte {
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case Byte.quote, Byte.backslash: output.append(byte)
        default:
            output.append(UInt8(ascii: "u"))
            output.append(Byte.zero)
            output.append(Byte.zero)
            output.append(Byte.zero + byte >> 4)
            let low = byte & 15
            output.append(low < 10 ? Byte.zero + low : UInt8(ascii: "a") + low - 10)
        }
    }
}
