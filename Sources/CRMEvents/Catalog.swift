public import CanonicalJSON
public import EventModel

/// The event types that this build accepts and understands, readable as values.
///
/// Start at ``types``; CATALOG.md is the document that they must agree with, and a test compares the two.
public final class Catalog: Sendable {
    /// The catalog of this build.
    public static let standard = Catalog(EventTypeDefinition.all)

    /// The version of the rules that turn data into terms. An index built by another version is rebuilt.
    public static let termsVersion: UInt32 = 1

    /// Every type, in the order of the catalog's sections.
    public var types: [EventTypeDefinition] { table.definitions }

    let table: CheckTable

    init(_ types: [EventTypeDefinition]) { table = CheckTable(types) }

    /// The definition of a type; `nil` for a name that the catalog does not hold.
    public subscript(type: String) -> EventTypeDefinition? { table.names.index(of: type).map { types[$0] } }

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
        let index = try place(of: type, schema: schema)
        var findings = Findings(root: data.place)
        try check(index, stream, data, &findings, &terms)
    }

    /// Checks an event before it is recorded, personal members included, and says where these stand.
    ///
    /// - Parameter personal: becomes the places of the members that must be sealed.
    public func check(
        type: Span<UInt8>, schema: UInt32, stream: Span<UInt8>, data: borrowing JSONCursor, terms: inout TermList,
        personal: inout PersonalPlaces
    ) throws(InvalidEvent) {
        let index = try place(of: type, schema: schema)
        // The list moves into the findings and back, so that its memory is used again.
        var findings = Findings(root: data.place, personal: personal)
        personal = PersonalPlaces()
        findings.personal.removeAll()
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
                type: types[index].name, findings.problems(in: data), count: findings.problemCount)
        }
        table.collect(&terms, of: index, in: stream, findings.places, data)
        guard terms.count <= Self.termCountMax else {
            throw .tooManyTerms(type: types[index].name, count: terms.count)
        }
    }

    private func place(of type: Span<UInt8>, schema: UInt32) throws(InvalidEvent) -> Int {
        guard let index = table.place(ofType: type) else {
            let name = String(decoding: type.indices.map { type[$0] }, as: UTF8.self)
            throw .unknownType(name, nearest: nearestName(to: name, among: table.names.names))
        }
        guard schema == table.types[index].schema else {
            throw .unknownSchema(type: types[index].name, found: schema, known: table.types[index].schema)
        }
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
        let table = standard.table
        guard let index = table.names.index(of: type) else { return [] }
        let data = data.cursor
        var terms = TermList()
        table.collect(&terms, of: index, in: stream.text.utf8.span, table.places(of: index, in: data), data)
        return terms.texts
    }

    /// Terms of the data at most; the envelope adds `type:`, `stream:`, `category:` and `actor:`.
    static let termCountMax = Limits.termCountMax - 4
}
