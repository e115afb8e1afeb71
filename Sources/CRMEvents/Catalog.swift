public import CanonicalJSON
public import EventModel

/// The event types that this build accepts and understands, readable as values.
///
/// Start at ``types``; CATALOG.md is the document that they must agree with, and a test compares the two.
public final class Catalog: Sendable {
    /// The catalog of this build.
    public static let standard = Catalog(EventTypeDefinition.all)

    /// The version of the rules that turn data into terms. An index built by another version is rebuilt.
    public static let termsVersion: UInt32 = 2

    /// Every type, in the order of the catalog's sections, and a company's own types behind them.
    public var types: [EventTypeDefinition] {
        guard let custom else { return table.definitions }
        let own = custom.catalogs.flatMap(\.types).filter { table.names.index(of: $0.name) == nil }
        return table.definitions.map { custom[$0.name]?.types.first ?? $0 } + own
    }

    /// The names of all types.
    var names: [String] { table.names.names + (custom?.names.names ?? []) }

    /// The types of the build.
    let table: CheckTable
    /// What a company added; `nil` in a catalog of the build alone, whose checks then cost nothing more.
    let custom: CustomTypes?
    /// Names of fields that are personal in any type.
    let personalNames: Set<String>

    init(_ types: [EventTypeDefinition], personalNames: Set<String> = []) {
        table = CheckTable(types, personalNames: personalNames)
        custom = nil
        self.personalNames = table.personalNames
    }

    /// A catalog with the same types of the build.
    init(standard: Catalog, custom: CustomTypes, personalNames: Set<String>) {
        table = standard.table
        self.custom = custom
        self.personalNames = personalNames
    }

    /// The definition of a type; `nil` for a name that the catalog does not hold.
    public subscript(type: String) -> EventTypeDefinition? {
        custom?[type]?.types.first ?? table.names.index(of: type).map { table.definitions[$0] }
    }

    /// Checks an event before it is recorded, in one pass over its data. Personal members are refused.
    ///
    /// An event without a fault costs no new memory, so the caller keeps one list of terms and fills it again.
    ///
    /// - Parameters:
    ///   - type: its catalog name.
    ///   - schema: the schema that its data claims to follow.
    ///   - stream: the whole name of a stream, well formed already.
    ///   - data: its data; the document may hold more around it.
    ///   - terms: becomes its index terms, at most ``EventModel/Limits/termCountMax`` less the four of the envelope.
    /// - Throws: ``InvalidEvent``, which names every field in the way, up to ``InvalidEvent/problemCountMax``. The
    ///   list of terms is then of no use.
    public func check(
        type: Span<UInt8>, schema: UInt32, stream: Span<UInt8>, data: borrowing JSONCursor, terms: inout TermList
    ) throws(InvalidEvent) {
        if let own = custom?.catalog(of: type) {
            return try own.check(type: type, schema: schema, stream: stream, data: data, terms: &terms)
        }
        let index = try place(of: type, schema: schema)
        var findings = Findings(root: data.place)
        try check(index, stream, data, &findings, &terms)
    }

    /// Checks an event before it is recorded, personal members included, and says where these stand.
    ///
    /// - Parameters:
    ///   - isNaturalPerson: whether the account that the event is about is a natural person, where the event leaves it
    ///     to the account to say so.
    ///   - personal: becomes the places of the members that must be sealed.
    public func check(
        type: Span<UInt8>, schema: UInt32, stream: Span<UInt8>, data: borrowing JSONCursor,
        isNaturalPerson: Bool = false, terms: inout TermList, personal: inout PersonalPlaces
    ) throws(InvalidEvent) {
        if let own = custom?.catalog(of: type) {
            return try own.check(
                type: type, schema: schema, stream: stream, data: data, isNaturalPerson: isNaturalPerson,
                terms: &terms, personal: &personal)
        }
        let index = try place(of: type, schema: schema)
        // The list moves into the findings and back, so that its memory is used again.
        var findings = Findings(root: data.place, personal: personal)
        personal = PersonalPlaces()
        findings.personal.removeAll()
        findings.isNaturalPerson = isNaturalPerson
        try check(index, stream, data, &findings, &terms)
        personal = findings.personal
    }

    private func check(
        _ index: Int, _ stream: Span<UInt8>, _ data: borrowing JSONCursor, _ findings: inout Findings,
        _ terms: inout TermList
    ) throws(InvalidEvent) {
        table.check(data, as: index, in: stream, &findings)
        guard findings.problemCount == 0 else {
            throw .problems(
                type: table.definitions[index].name, findings.problems(in: data), count: findings.problemCount)
        }
        if table.types[index].needsCatalog { try checkMeaning(of: table.definitions[index], data) }
        table.collect(&terms, of: index, in: stream, findings.places, data)
        guard terms.count <= Self.termCountMax else {
            throw .tooManyTerms(type: table.definitions[index].name, count: terms.count)
        }
    }

    private func place(of type: Span<UInt8>, schema: UInt32) throws(InvalidEvent) -> Int {
        guard let index = table.place(ofType: type) else {
            let name = String(decoding: type.indices.map { type[$0] }, as: UTF8.self)
            throw .unknownType(name, nearest: nearestName(to: name, among: names))
        }
        guard schema == table.types[index].schema else {
            throw .unknownSchema(
                type: table.definitions[index].name, found: schema, known: table.types[index].schema)
        }
        if table.types[index].isRetired { throw .retiredType(table.definitions[index].name) }
        return index
    }

    /// Checks an event and returns its index terms as texts: the same check for callers that keep no list.
    public func check(
        type: String, schema: UInt32, stream: StreamName, data: JSONNode
    ) throws(InvalidEvent) -> [String] {
        var terms = TermList()
        try check(
            type: type.utf8.span, schema: schema, stream: stream.text.utf8.span, data: data.cursor, terms: &terms)
        return terms.texts
    }

    /// The index terms of an event that is recorded already. Total: an unknown type and odd data give no terms.
    public static func terms(type: String, stream: StreamName, data: JSONNode) -> [String] {
        var table = standard.table
        var place = table.names.index(of: type)
        if place == nil, CustomName.isType(type) {
            table = CustomReferences.table
            place = 0
        }
        guard let index = place else { return [] }
        let data = data.cursor
        var terms = TermList()
        table.collect(&terms, of: index, in: stream.text.utf8.span, table.places(of: index, in: data), data)
        return terms.texts
    }

    /// Terms of the data at most; the envelope adds `type:`, `stream:`, `category:` and `actor:`.
    static let termCountMax = Limits.termCountMax - 4
}
