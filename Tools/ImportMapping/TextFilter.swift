/// What a template may do to a text, deterministically: the same text gives the same result for ever.
enum TextFilter: Hashable, Sendable {
    /// The given text where the column is empty (`or:unknown`).
    case or(String)
    /// An id made of a name (`slug`): see ``slug(_:)``.
    case slug
    /// Only the ASCII digits (`digits`): 2016-10-20 becomes 20161020.
    case digits
    /// A hyphen after every eight bytes (`group8`), so that no long hash looks like a telephone number.
    case group8
    /// ASCII letters in lower case (`lower`).
    case lower

    init(_ word: String, at path: String) throws(MappingError) {
        switch word {
        case "slug": self = .slug
        case "digits": self = .digits
        case "group8": self = .group8
        case "lower": self = .lower
        case _ where word.hasPrefix("or:"): self = .or(String(word.dropFirst(3)))
        default:
            throw MappingError(
                path: path, problem: "'\(word)' is not a filter; there are slug, digits, group8, lower and or:TEXT")
        }
    }

    /// Applies filters from left to right; `nil` when the text is empty at the end and no `or:` stands there.
    static func apply(_ filters: [TextFilter], to text: String, of column: String) throws(RowError) -> String? {
        var text = text
        var mayBeEmpty = false
        for filter in filters {
            switch filter {
            case .or(let other):
                if text.isEmpty { text = other }
                mayBeEmpty = true
            case .slug:
                let name = text
                text = slug(name)
                if text.isEmpty, !name.isEmpty { throw RowError(column: column, problem: .noSlug) }
            case .digits: text = String(String.UnicodeScalarView(text.unicodeScalars.filter { "0"..."9" ~= $0 }))
            case .group8: text = grouped(text)
            case .lower: text = lowered(text)
            }
        }
        return text.isEmpty && !mayBeEmpty ? nil : text
    }

    /// An id from a name: ASCII letters in lower case and digits stay, a run of other ASCII characters becomes one
    /// hyphen (none at the ends), and any other character becomes `~` and its code point in hexadecimal.
    ///
    /// "Darcel Schlecht" becomes `darcel-schlecht`, and 李雷 becomes `~674e~96f7`.
    static func slug(_ name: String) -> String {
        var result = ""
        var isGap = false
        for scalar in lowered(name).unicodeScalars {
            let isKept = "a"..."z" ~= scalar || "0"..."9" ~= scalar
            guard isKept || !scalar.isASCII else {
                isGap = true
                continue
            }
            if isGap, !result.isEmpty { result += "-" }
            isGap = false
            result += isKept ? String(scalar) : "~" + String(scalar.value, radix: 16)
        }
        return result
    }

    private static func lowered(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { "A"..."Z" ~= $0 ? Unicode.Scalar(UInt8($0.value) + 32) : $0 }))
    }

    private static func grouped(_ text: String) -> String {
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index > 0, index % 8 == 0 { result += "-" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
