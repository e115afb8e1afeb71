internal import CanonicalJSON

/// One field of a CSV file: RFC 4180, and safe to open in a spreadsheet.
///
/// A spreadsheet takes a cell that begins with one of these signs for a formula and runs it, quoted or not. What
/// OWASP recommends ("CSV Injection", and ASVS 5.0 requirement 1.2.10): such a text gets a leading apostrophe, quotes
/// are doubled. A customer may so be called `=HYPERLINK(…)`, and opening the export calls nobody. Plain numbers stay
/// as they are, or no column of differences could be summed. The full-width forms of the signs count too, since East
/// Asian input methods and spreadsheets take one for the other.
enum CSVCell {
    private static let signs: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠",
    ]

    static func append(_ value: JSON, to bytes: inout [UInt8]) {
        switch value {
        case .null: break
        case .integer(let integer): bytes += String(integer).utf8
        case .boolean(let boolean): bytes += (boolean ? "true" : "false").utf8
        case .text(let text): append(text, to: &bytes)
        case .array, .object: append(value.canonicalText, to: &bytes)
        }
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        let isFormula = text.unicodeScalars.first.map(signs.contains) == true && !isPlainNumber(text)
        let needsQuotes =
            text.isEmpty
            || text.utf8.contains { byte in
                byte == quote || byte == UInt8(ascii: ",") || byte == 0x0D || byte == 0x0A
            }
        if needsQuotes { bytes.append(quote) }
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in text.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(quote) }
    }

    private static let quote = UInt8(ascii: "\"")

    /// An optional sign, digits, and optionally a point and digits: nothing that could be part of a formula.
    static func isPlainNumber(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if let first = digits.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { digits.removeFirst() }
        let halves = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return (1...2).contains(halves.count)
            && halves.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
