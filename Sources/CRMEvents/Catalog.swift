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

    private let indexByName: [String: Int]

    private init(_ types: [EventTypeDefinition]) {
        self.types = types
        indexByName = Dictionary(
            types.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The definition of a type; `nil` for a name that the catalog does not hold.
    public subscript(type: String) -> EventTypeDefinition? { indexByName[type].map { types[$0] } }

    /// Checks an event before it is recorded, in one pass over its data.
    ///
    /// - Returns: its index terms, at most ``EventModel/Limits/termCountMax`` less the four of the envelope.
    /// - Throws: ``InvalidEvent``, which names every field in the way, up to ``InvalidEvent/problemCountMax``.
    public func check(
        type: String, schema: UInt32, stream: StreamName, data: JSONNode
    ) throws(InvalidEvent) -> [String] {
        guard let definition = self[type] else {
            throw .unknownType(type, nearest: nearestName(to: type, among: types.map(\.name)))
        }
        guard schema == definition.schema else {
            throw .unknownSchema(type: definition.name, found: schema, known: definition.schema)
        }
        var check = DataCheck(definition, stream: stream, data: data)
        check.run()
        guard check.problemCount == 0 else {
            throw .problems(type: definition.name, check.problems, count: check.problemCount)
        }
        let terms = IndexTerms.terms(of: definition, stream: stream, data: data)
        guard terms.count <= Self.termCountMax else {
            throw .tooManyTerms(type: definition.name, count: terms.count)
        }
        return terms
    }

    /// The index terms of an event that is recorded already. Total: an unknown type and odd data give no terms.
    public static func terms(type: String, stream: StreamName, data: JSONNode) -> [String] {
        guard let definition = standard[type] else { return [] }
        return IndexTerms.terms(of: definition, stream: stream, data: data)
    }

    /// Terms of the data at most; the envelope adds `type:`, `stream:`, `category:` and `actor:`.
    static let termCountMax = Limits.termCountMax - 4
}
