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
    /// - Returns: its index terms, at most ``EventModel/Limits/termCountMax`` less the four of the envelope.
    /// - Throws: ``InvalidEvent``, which names every field in the way, up to ``InvalidEvent/problemCountMax``.
    public func check(
        type: String, schema: UInt32, stream: StreamName, data: JSONNode
    ) throws(InvalidEvent) -> [String] {
        guard let shape = shape(of: type) else {
            throw .unknownType(type, nearest: nearestName(to: type, among: names.names))
        }
        let name = shape.definition.name
        guard schema == shape.definition.schema else {
            throw .unknownSchema(type: name, found: schema, known: shape.definition.schema)
        }
        let data = data.cursor
        var check = DataCheck(shape, stream: stream, data: data)
        check.run(data)
        guard check.problemCount == 0 else {
            throw .problems(type: name, check.problems(in: data), count: check.problemCount)
        }
        let terms = IndexTerms.terms(of: shape, stream: stream, places: check.places, in: data)
        guard terms.count <= Self.termCountMax else { throw .tooManyTerms(type: name, count: terms.count) }
        return terms
    }

    private func shape(of type: String) -> TypeShape? { names.index(of: type).map { shapes[$0] } }

    /// The index terms of an event that is recorded already. Total: an unknown type and odd data give no terms.
    public static func terms(type: String, stream: StreamName, data: JSONNode) -> [String] {
        guard let shape = standard.shape(of: type) else { return [] }
        let data = data.cursor
        return IndexTerms.terms(of: shape, stream: stream, places: FieldPlaces(of: shape.data, in: data), in: data)
    }

    /// Terms of the data at most; the envelope adds `type:`, `stream:`, `category:` and `actor:`.
    static let termCountMax = Limits.termCountMax - 4
}
