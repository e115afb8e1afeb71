import EventModel

extension FieldKind {
    /// What is allowed, for the error that refuses something else.
    public var allowed: String {
        switch self {
        case .id: "an id of 1 to \(Limits.nameByteCountMax) bytes of A-Z a-z 0-9 _ . ~ : - that does not look personal"
        case .party: "a party such as account-42, contact-17, lead-9 or party-a1"
        case .event: "the id of an event, or its source, one space and its id"
        case .text: "text"
        case .code: "a code of 1 to \(Self.codeByteCountMax) bytes of a-z 0-9 _"
        case .url: "a URL without its query part"
        case .sha256: "SHA-256 in 64 lower-case hexadecimal digits"
        case .boolean: "true or false"
        case .integer: "an integer"
        case .basisPoints: "an integer of basis points (10000 is the whole)"
        case .money: "an integer of minor units"
        case .currency: "an ISO 4217 code of three capitals"
        case .instant: "an integer of milliseconds since 1970 in the years 0000 to 9999"
        case .civilDay: "a date YYYY-MM-DD"
        case .seconds: "a non-negative integer of seconds"
        case .enumeration(let words): words.count == 1 ? words[0] : "one of " + words.joined(separator: ", ")
        case .list: "a list"
        case .object, .anyObject, .map: "an object"
        case .line: "an object with line_id, product_id, quantity_milli and unit_price"
        case .changes, .anyChanges: "a list of {field, old, new}"
        }
    }

    /// The sign of CATALOG.md section 2, so that a test can compare definitions and document.
    public var sign: String {
        switch self {
        case .id, .party, .event: "id"
        case .text, .code, .url, .currency, .sha256: "s"
        case .boolean: "b"
        case .integer: "i"
        case .basisPoints: "bp"
        case .money: "m"
        case .instant: "ts"
        case .civilDay: "d"
        case .seconds: "dur"
        case .enumeration(let words): "e{\(words.joined(separator: ","))}"
        case .list(let element): "[\(element.sign)]"
        case .object(let fields): "{\(fields.map(\.notation).joined(separator: ","))}"
        case .anyObject: "{}"
        case .map(let words, _): "{\(words)}"
        case .line: "LINE"
        case .changes, .anyChanges: "CHANGES"
        }
    }

    /// Bytes of a code at most (CATALOG.md section 1, `reason`).
    static let codeByteCountMax = 64
}

extension Field {
    /// The field as the catalog writes it, for example `name:s!ᴾ?`.
    public var notation: String {
        if kind.sign == "CHANGES" { return kind.sign }
        return "\(name):\(kind.sign)\(isRequired ? "!" : "")\(personal?.rawValue ?? "")"
    }
}
