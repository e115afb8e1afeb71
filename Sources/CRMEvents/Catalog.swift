public import CanonicalJSON
public import EventModel

/// The event types that this build accepts and understands, readable as values.
///
/// Start at ``types``; CATALOG.md is the document that they must agree with, and a test compares the two.
public struct Catalog: Sendable {
    /// The catalog of this build.
    public static let standard = Catalog(
        EventTypeDefinition.accountTypes + EventTypeDefinition.leadTypes + EventTypeDefinition.opportunityTypes
            + EventTypeDefinition.interactionTypes + EventTypeDefinition.behaviorTypes
            + EventTypeDefinition.surveyTypes + EventTypeDefinition.campaignTypes
            + EventTypeDefinition.orderTypes + EventTypeDefinition.paymentTypes + EventTypeDefinition.ruleTypes)

    /// The version of the rules that turn data into terms. An index built by another version is rebuilt.
    public static let termsVersion: UInt32 = 1

    /// Every type, in the order of the catalog's groups.
    public let types: [EventTypeDefinition]

    /// The types prepared for checking, in the same order.
    let shapes: [TypeShape]
    private let names: JSONNames

    private init(_ types: [EventTypeDefinition]) {
        self.types = types
        shapes = types.map { TypeShape($0) }
        names = JSONNames(types.map(\.name))
    }

    /// The definition of a type; `nil` for a name that the catalog does not hold.
    public subscript(type: String) -> EventTypeDefinition? { names.index(of: type).map { types[$0] } }

    /// Checks an event before it is recorded, in one pass over its data.
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
        guard let index = names.index(of: type) else {
            throw .unknownType(text(type), nearest: nearestName(to: text(type), among: names.names))
        }
        let shape = shapes[index]
        let name = shape.definition.name
        guard schema == shape.definition.schema else {
            throw .unknownSchema(type: name, found: schema, known: shape.definition.schema)
        }
        var check = DataCheck(shape, data: data)
        check.run(data, in: stream)
        guard check.problemCount == 0 else {
            throw .problems(type: name, check.problems(in: data), count: check.problemCount)
        }
        IndexTerms.collect(into: &terms, of: shape, stream: stream, places: check.places, in: data)
        guard terms.count <= Self.termCountMax else { throw .tooManyTerms(type: name, count: terms.count) }
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
        guard let index = standard.names.index(of: type) else { return [] }
        let shape = standard.shapes[index]
        let data = data.cursor
        var terms = TermList()
        IndexTerms.collect(
            into: &terms, of: shape, stream: stream.text.utf8.span, places: FieldPlaces(of: shape.data, in: data),
            in: data)
        return terms.texts
    }

    /// A name from its bytes, for an error.
    private func text(_ name: Span<UInt8>) -> String {
        String(decoding: name.indices.map { name[$0] }, as: UTF8.self)
    }

    /// Terms of the data at most; the envelope adds `type:`, `stream:`, `category:` and `actor:`.
    static let termCountMax = Limits.termCountMax - 4
}
