/// One field of an event's `data`, as CATALOG.md section 5 lists it.
public struct Field: Hashable, Sendable {
    /// Its snake_case name, immortal once recorded.
    public let name: String
    /// What it may hold.
    public let kind: FieldKind
    /// Whether the event is refused without it. A choice of two is stated by the type instead.
    public let isRequired: Bool
    /// Whether it is sealed under a person's key; `nil` for a public field.
    public let personal: PersonalMark?
    /// What a company's own number counts, for people; `nil` where the kind says it.
    public internal(set) var unit: String? = nil
    /// Whether a company asks its producers to leave the field out. It is accepted all the same.
    public internal(set) var isDeprecated = false

    /// A field without which the event is refused.
    static func required(_ name: String, _ kind: FieldKind, personal: PersonalMark? = nil) -> Field {
        Field(name: name, kind: kind, isRequired: true, personal: personal)
    }

    /// A field that may be left out.
    static func optional(_ name: String, _ kind: FieldKind, personal: PersonalMark? = nil) -> Field {
        Field(name: name, kind: kind, isRequired: false, personal: personal)
    }

    /// The prose that every type accepts besides the fields it lists (CATALOG.md section 2).
    public static let note = Field.optional("note", .text, personal: .always)

    /// UTM: where a visitor came from, as advertisers tag their links.
    static let utm = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"].map {
        Field.optional($0, .text)
    }

    /// LINE: one position of an order, a quote or a deal. Prices are in minor units, quantities in thousandths.
    static let line: [Field] = [
        .required("line_id", .id),
        .required("product_id", .id),
        .required("quantity_milli", .integer),
        .required("unit_price", .money),
        .optional("discount", .basisPoints),
        .optional("tax", .basisPoints),
        .optional("category", .text),
    ]
}

/// When a field is personal, which decides whether it may stand in the public `data` at all.
public enum PersonalMark: String, Hashable, Sendable {
    /// `ᴾ`: it always tells about a person.
    case always = "ᴾ"
    /// `ᴾ?`: it tells about a person when the account is one (`natural_person: true`).
    case ifNaturalPerson = "ᴾ?"
}

/// What a field may hold. CATALOG.md section 2 defines the signs; here each is spelled out.
public indirect enum FieldKind: Hashable, Sendable {
    /// A surrogate, 1 to 128 bytes of `A–Z a–z 0–9 _ . ~ : -`, that does not look personal.
    case id
    /// The id of a party as its stream is named: `account-42`, `contact-17`, `lead-9` or `party-a1`.
    case party
    /// The id of another event, or its source, one space and its id when the sources differ.
    case event
    /// Any text.
    case text
    /// A code, `[a-z0-9_]{1,64}`: what a field called `reason` or ending in `_code` holds instead of prose, and the
    /// name of a kind of thing, which becomes the namespace of an index term.
    case code
    /// An address without its query part.
    case url
    /// SHA-256 in 64 lower-case hexadecimal digits.
    case sha256
    /// True or false.
    case boolean
    /// A whole number within ±(2^53 − 1).
    case integer
    /// Hundredths of a percent: 10,000 is the whole.
    case basisPoints
    /// Money in minor units; the currency stands beside it.
    case money
    /// An ISO 4217 code: three capitals.
    case currency
    /// Milliseconds since 1970-01-01T00:00:00Z, in the years 0000 to 9999.
    case instant
    /// A civil date, `YYYY-MM-DD`.
    case civilDay
    /// A length of time in seconds, never negative.
    case seconds
    /// One of these words. Closed on append; on replay an unknown word is kept.
    case enumeration([String])
    /// A list, each element of the one kind.
    case list(of: FieldKind)
    /// An object with these fields and no others.
    case object([Field])
    /// Any object.
    case anyObject
    /// An object with any names, each value of the one kind. The words are what the catalog writes inside the braces.
    case map(String, of: FieldKind)
    /// LINE: one position with product, quantity and price.
    case line
    /// CHANGES: a list of `{field, old, new}` over these fields, so that old and new are checked like them.
    case changes(of: [Field])
    /// CHANGES of an event whose type stands elsewhere: any field, old and new of any kind.
    case anyChanges
}
