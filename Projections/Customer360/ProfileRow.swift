import CanonicalJSON
import ProjectionRuntime

/// What is known about a party: every value that a field was given, with the event that gave it last.
///
/// The row keeps more than the value in force, since which one that is depends on the rule that a reader asks for
/// (``GoldenRecord``). Empty values (`null`, the empty text) change nothing: a form that was sent half filled must not
/// wipe out what somebody took the trouble to find out.
struct ProfileRow: RowValue, Equatable {
    /// One value of a field.
    struct Assertion: Equatable, Sendable {
        let value: FieldValue
        /// How often it was said.
        var count: Int64
        /// The last event that said so.
        var origin: Origin
    }

    struct Field: Equatable, Sendable {
        let name: String
        /// The last one said stands last; at most ``ProfileRow/assertionCountMax``.
        var assertions: [Assertion]
    }

    struct Tag: Equatable, Sendable {
        let name: String
        let origin: Origin
    }

    struct Owner: Equatable, Sendable {
        /// `nil` since it was given back to the pool, or taken into it.
        var id: String?
        var team: String?
        var origin: Origin
    }

    /// Values that are kept per field, at most; of more the one whose last mention is oldest is forgotten.
    static let assertionCountMax = 8

    /// By name, ascending.
    private(set) var fields: [Field] = []
    /// Classifications: the scheme as the name, ascending.
    private(set) var classes: [Field] = []
    /// By name, ascending.
    private(set) var tags: [Tag] = []
    private(set) var owner: Owner?

    init() {}

    /// Sets the owner, or that there is none. The pool and the party speak in streams of their own: within one the
    /// later revision holds, of both the later time.
    mutating func own(_ id: String?, _ team: String? = nil, by origin: Origin) {
        if let owner, (owner.id == nil) != (id == nil), owner.origin.isAfter(origin) { return }
        owner = Owner(id: id, team: team, origin: origin)
    }

    /// Sets a field, unless the value is empty.
    mutating func set(_ name: String, _ value: FieldValue?, by origin: Origin) {
        if let value, !value.isEmpty { Self.set(name, value, by: origin, in: &fields) }
    }

    /// Sets the class of a scheme, such as `tier`.
    mutating func classify(_ scheme: String, _ value: String, by origin: Origin) {
        Self.set(scheme, .text(value), by: origin, in: &classes)
    }

    mutating func change(tags added: [String], _ removed: [String], by origin: Origin) {
        tags.removeAll { removed.contains($0.name) || added.contains($0.name) }
        for name in Set(added).sorted() {
            tags.insert(Tag(name: name, origin: origin), at: tags.firstIndex { $0.name > name } ?? tags.count)
        }
    }

    private static func set(_ name: String, _ value: FieldValue, by origin: Origin, in fields: inout [Field]) {
        let index = fields.firstIndex { $0.name >= name } ?? fields.count
        if index == fields.count || fields[index].name != name {
            fields.insert(Field(name: name, assertions: []), at: index)
        }
        var assertion = Assertion(value: value, count: 0, origin: origin)
        if let known = fields[index].assertions.firstIndex(where: { $0.value == value }) {
            assertion = fields[index].assertions.remove(at: known)
        }
        assertion.count &+= 1
        assertion.origin = origin
        fields[index].assertions.append(assertion)
        if fields[index].assertions.count > assertionCountMax { fields[index].assertions.removeFirst() }
    }

    func encode(to encoder: inout RowEncoder) {
        for list in [fields, classes] {
            encoder.list(list) { encoder, field in
                encoder.text(field.name)
                encoder.list(field.assertions) { encoder, assertion in
                    assertion.value.encode(to: &encoder)
                    encoder.integer(assertion.count)
                    assertion.origin.encode(to: &encoder)
                }
            }
        }
        encoder.list(tags) { encoder, tag in
            encoder.text(tag.name)
            tag.origin.encode(to: &encoder)
        }
        encoder.boolean(owner != nil)
        guard let owner else { return }
        encoder.optionalText(owner.id)
        encoder.optionalText(owner.team)
        owner.origin.encode(to: &encoder)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        func assertion(_ decoder: inout RowDecoder) throws(RowError) -> Assertion {
            Assertion(
                value: try FieldValue(from: &decoder), count: try decoder.integer(), origin: try Origin(from: &decoder))
        }
        func field(_ decoder: inout RowDecoder) throws(RowError) -> Field {
            Field(name: try decoder.text(), assertions: try decoder.list(assertion))
        }
        fields = try decoder.list(field)
        classes = try decoder.list(field)
        tags = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Tag in
            Tag(name: try decoder.text(), origin: try Origin(from: &decoder))
        }
        guard try decoder.boolean() else { return }
        owner = Owner(
            id: try decoder.optionalText(), team: try decoder.optionalText(), origin: try Origin(from: &decoder))
    }
}
