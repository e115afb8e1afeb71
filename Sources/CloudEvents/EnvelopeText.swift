import CanonicalJSON
import EventModel

/// What the texts of an envelope may be, decided on their UTF-8 bytes.
enum EnvelopeText {
    private static let printable = ASCIISet(" "..."~")
    private static let names = ASCIISet("a"..."z", "A"..."Z", "0"...":", "-"...".", "_"..."_", "~"..."~")
    private static let codes = ASCIISet("a"..."z", "0"..."9", "_"..."_")
    private static let extensionNames = ASCIISet("a"..."z", "0"..."9")

    /// Whether a text has 1 to 128 bytes and no control character.
    static func isAllowed(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0, text.count <= Limits.nameByteCountMax else { return false }
        return printable.containsAll(of: text) || !hasControlCharacter(text)
    }

    /// Whether a text is a surrogate: 1 to 128 bytes of names.
    static func isName(_ text: Span<UInt8>) -> Bool {
        text.count > 0 && text.count <= Limits.nameByteCountMax && names.containsAll(of: text)
    }

    /// Whether a text is a ``StreamName``: a name with something on either side of its first hyphen.
    static func isStreamName(_ text: Span<UInt8>) -> Bool {
        guard isName(text), text[0] != UInt8(ascii: "-") else { return false }
        for index in text.indices where text[index] == UInt8(ascii: "-") { return index + 1 < text.count }
        return false
    }

    /// Whether a text is a reason code.
    static func isReasonCode(_ text: Span<UInt8>) -> Bool {
        text.count > 0 && text.count <= CloudEvent.reasonByteCountMax && codes.containsAll(of: text)
    }

    /// Whether an extension may have this name.
    static func isExtensionName(_ name: String) -> Bool {
        let bytes = name.utf8.span
        return bytes.count > 0 && bytes.count <= CloudEvent.extensionNameByteCountMax
            && extensionNames.containsAll(of: bytes)
    }

    /// The `n` of `urn:rapport:<type>:<n>`: decimal digits without leading zeros; `nil` for anything else.
    static func schema(in bytes: Span<UInt8>, of type: Span<UInt8>) -> UInt32? {
        let prefix = CloudEvent.schemaPrefix.utf8.span
        let digitsStart = prefix.count + type.count + 1
        guard bytes.count > digitsStart, bytes.count <= digitsStart + 10,
            bytes.extracting(..<prefix.count).isEqual(to: prefix),
            bytes.extracting(prefix.count..<digitsStart - 1).isEqual(to: type),
            bytes[digitsStart - 1] == UInt8(ascii: ":"), bytes[digitsStart] != UInt8(ascii: "0")
        else { return nil }
        var schema: UInt64 = 0
        for index in digitsStart..<bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            schema = schema * 10 + UInt64(digit)
        }
        return UInt32(exactly: schema)
    }

    /// Whether a text holds U+0000–U+001F or U+007F–U+009F, which CloudEvents forbids in every text.
    private static func hasControlCharacter(_ bytes: Span<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            // U+0080–U+009F are 0xC2 and one byte below 0xA0.
            if byte < 0x20 || byte == 0x7F || previous == 0xC2 && byte < 0xA0 { return true }
            previous = byte
        }
        return false
    }
}

extension Timestamp {
    /// Reads `2026-01-05T09:30:00.125Z`, what a clock in milliseconds gives; `nil` for every other form.
    init?(milliseconds text: Span<UInt8>) {
        guard text.count == 24, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            text[19] == UInt8(ascii: "."), text[23] == UInt8(ascii: "Z"),
            let year = text.decimal(at: 0, 4), let month = text.decimal(at: 5, 2), let date = text.decimal(at: 8, 2),
            let day = CivilDay(year: year, month: month, day: date),
            let hour = text.decimal(at: 11, 2), hour < 24, let minute = text.decimal(at: 14, 2), minute < 60,
            let second = text.decimal(at: 17, 2), second <= 60, let rest = text.decimal(at: 20, 3)
        else { return nil }
        let seconds = Int64((hour * 60 + minute) * 60 + second)
        self.init(milliseconds: day.start.milliseconds + seconds * 1000 + Int64(rest))
    }
}

extension Span<UInt8> {
    /// A number of so many digits; `nil` if something else stands there.
    fileprivate func decimal(at start: Int, _ width: Int) -> Int? {
        var value = 0
        for index in start..<start + width {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }
}
