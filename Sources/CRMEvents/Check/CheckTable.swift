import CanonicalJSON
import EventModel

/// The catalog as flat lists of numbers, prepared once for all events, so that a check retains and allocates nothing.
///
/// Every name of a field and every word of an enumeration is a *symbol*: its place in one list of names. A *row* has
/// one byte for each symbol: the place of that name among the fields of an object, or of that word in an enumeration.
final class CheckTable: Sendable {
    /// The catalog's types, in its order.
    let definitions: [EventTypeDefinition]
    /// The names of the types.
    let names: JSONNames
    let types: [TypeShape]
    let objects: [ObjectShape]
    let values: [ValueShape]
    let terms: [TermShape]
    let rules: [RuleShape]
    /// The texts that stream and term names begin with, one behind the other.
    let texts: [UInt8]
    /// The fields of each object, for the errors.
    let fields: [[Field]]
    /// The kind of each value, for the errors.
    let kinds: [FieldKind]
    /// Names that are personal wherever they stand, by symbol.
    let alwaysPersonal: [Bool]
    /// Objects of the bodies of `rule.published`, by the places of their kinds among its words.
    let ruleBodies: [Int32]

    private let symbols: JSONNames
    private let symbolCount: Int
    private let rows: [UInt8]

    /// - Parameter personalNames: names that other types of the same catalog always seal.
    init(_ definitions: [EventTypeDefinition], personalNames: Set<String> = []) {
        var builder = CheckTableBuilder(definitions, personalNames)
        types = definitions.map { builder.type($0) }
        ruleBodies = builder.ruleBodies()
        self.definitions = definitions
        names = JSONNames(definitions.map(\.name))
        objects = builder.objects
        values = builder.values
        terms = builder.terms
        rules = builder.rules
        texts = builder.texts
        fields = builder.fields
        kinds = builder.kinds
        symbols = builder.symbols
        symbolCount = builder.symbols.names.count
        rows = builder.rows
        alwaysPersonal = builder.alwaysPersonal
    }

    /// The place of a type among the definitions.
    func place(ofType name: Span<UInt8>) -> Int? { names.index(of: name) }

    /// The names that are personal wherever they stand.
    var personalNames: Set<String> {
        Set(symbols.names.indices.filter { alwaysPersonal[$0] }.map { symbols.names[$0] })
    }

    /// The symbol of a text; `nil` for a text that no definition knows.
    @inline(__always)
    func symbol(of text: borrowing JSONCursor) -> Int? { symbols.index(of: text) }

    /// The place that a row gives to a text: of a field in its object, of a word in its enumeration.
    @inline(__always)
    func place(of text: borrowing JSONCursor, inRow row: Int32) -> Int? {
        guard let symbol = symbols.index(of: text) else { return nil }
        let place = rows[Int(row) &* symbolCount &+ symbol]
        return place == Self.nowhere ? nil : Int(place)
    }

    /// The name of a symbol.
    func name(_ symbol: Int32) -> String { symbols.names[Int(symbol)] }

    /// The byte of a row for a symbol that it does not know.
    static let nowhere: UInt8 = .max
}

/// A type prepared for checking.
struct TypeShape: Sendable {
    let schema: UInt32
    /// Whether no new event of the type is accepted.
    let isRetired: Bool
    /// Whether some rule needs the whole catalog, so that it is checked after all others.
    let needsCatalog: Bool
    /// The object that its data is.
    let object: Int32
    let terms: Range<Int32>
    let rules: Range<Int32>
    /// The fields of which exactly one must be present; none twice where there is no choice.
    let choice: (UInt8, UInt8)
    /// The field that says whether the account is a person.
    let naturalPerson: UInt8
    let stream: StreamShape
}

/// A stream rule prepared for checking.
struct StreamShape: Sendable {
    enum Kind: UInt8, Sendable { case entity, category, party, pair, either, member, named, own, fixed, namespace, any }

    let kind: Kind
    /// The category with its hyphen, the word of a namespace, or the whole name, in the table's texts.
    let text: Range<Int32>
    let first: UInt8
    let second: UInt8
}

/// What an object may hold. Its fields are one run of the table's values.
struct ObjectShape: Sendable {
    let row: Int32
    let firstValue: Int32
    let fieldCount: Int32
    let isOpen: Bool
    /// One bit for each field without which the object is refused.
    let required: UInt64
    /// One bit for each field that is always personal.
    let personal: UInt64
    /// One bit for each field that is personal when the account is a person.
    let personalIfNatural: UInt64

    /// Fields of one object at most.
    static let fieldCountMax = 64
}

/// A ``FieldKind`` without its words.
struct ValueShape: Sendable {
    enum Kind: UInt8, Sendable {
        case id, party, event, text, code, url, sha256, boolean, integer, basisPoints, money, currency, instant
        case civilDay, seconds, enumeration, list, object, anyObject, map, changes, anyChanges
    }

    let kind: Kind
    /// The row of an enumeration; the value of a list's elements or a map's values; an object's or a change's object.
    let operand: Int32
}

/// A reference prepared for collecting.
struct TermShape: Sendable {
    enum Namespace: UInt8, Sendable { case fixed, party, named }

    let namespace: Namespace
    let field: UInt8
    /// The field that names the namespace.
    let type: UInt8
    /// The symbol of a list's member; −1 for none.
    let member: Int32
    /// A fixed namespace in the table's texts.
    let text: Range<Int32>
}

/// A rule with its fields as places, and its members as symbols.
struct RuleShape: Sendable {
    enum Kind: UInt8, Sendable {
        case amountsNeedCurrency, totalOfLines, ruleBody, fieldDefinition, ordered, orderedInside, negativeOnly, only,
            sameCount
        case eachHasOne, eachHasBoth
    }

    let kind: Kind
    /// The field, list or object that it reads first.
    var first = CheckTable.nowhere
    var second = CheckTable.nowhere
    /// Members of the first one's object or objects.
    var members: (Int32, Int32) = (-1, -1)
    /// One bit for each field that holds an amount.
    var amounts: UInt64 = 0
}
