import CanonicalJSON
import EventModel

/// Names and ids, decided on their UTF-8 bytes.
enum Surrogate {
    /// The bytes of every name; a test compares them with ``InvalidName``.
    static let bytes = ASCIISet("a"..."z", "A"..."Z", "0"...":", "-"...".", "_"..."_", "~"..."~")
    /// The bytes of every code.
    static let codeBytes = ASCIISet("a"..."z", "0"..."9", "_"..."_")
    /// The bytes of a digest.
    static let hexDigits = ASCIISet("a"..."f", "0"..."9")
    /// The bytes of a currency.
    static let capitals = ASCIISet("A"..."Z")

    /// Whether a text is an id: 1 to 128 bytes of names, not like a telephone number.
    static func isID(_ text: Span<UInt8>) -> Bool {
        text.count > 0 && text.count <= Limits.nameByteCountMax && bytes.containsAll(of: text)
            && !holdsMobileNumber(text)
    }

    /// Whether a text is the stream's name of an account, a contact, a lead or an anonymous party.
    static func isParty(_ text: Span<UInt8>) -> Bool {
        guard let hyphen = firstHyphen(in: text), hyphen + 1 < text.count else { return false }
        let category = text.extracting(..<hyphen)
        return isID(text)
            && (category.isEqual(to: account.span) || category.isEqual(to: contact.span)
                || category.isEqual(to: lead.span) || category.isEqual(to: anonymous.span))
    }

    /// Whether a text is an event's id, or its source (any text of 1 to 128 bytes), one space and its id.
    static func isEventReference(_ text: Span<UInt8>) -> Bool {
        var space = text.count - 1
        while space >= 0, text[space] != UInt8(ascii: " ") { space -= 1 }
        guard space >= 0 else { return isID(text) }
        return (1...Limits.nameByteCountMax).contains(space) && isID(text.extracting((space + 1)...))
            && !looksPersonal(text.extracting(..<space))
    }

    /// Whether a text is a code.
    static func isCode(_ text: Span<UInt8>) -> Bool {
        text.count > 0 && text.count <= FieldKind.codeByteCountMax && codeBytes.containsAll(of: text)
    }

    /// Whether a text is SHA-256 in lower-case hexadecimal digits.
    static func isSHA256(_ text: Span<UInt8>) -> Bool { text.count == 64 && hexDigits.containsAll(of: text) }

    /// Whether a text is `YYYY-MM-DD`, a day that the calendar has.
    static func isCivilDay(_ text: Span<UInt8>) -> Bool {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return false }
        var numbers = (year: 0, month: 0, day: 0)
        for index in text.indices where index != 4 && index != 7 {
            let digit = Int(text[index] &- UInt8(ascii: "0"))
            guard digit < 10 else { return false }
            switch index {
            case ..<4: numbers.year = numbers.year * 10 + digit
            case ..<7: numbers.month = numbers.month * 10 + digit
            default: numbers.day = numbers.day * 10 + digit
            }
        }
        return CivilDay(year: numbers.year, month: numbers.month, day: numbers.day) != nil
    }

    /// Offset of the first hyphen; `nil` if there is none.
    static func firstHyphen(in text: Span<UInt8>) -> Int? {
        for index in text.indices where text[index] == UInt8(ascii: "-") { return index }
        return nil
    }

    private static let account = Array("account".utf8)
    private static let contact = Array("contact".utf8)
    private static let lead = Array("lead".utf8)
    private static let anonymous = Array("party".utf8)
}
