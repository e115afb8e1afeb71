import CanonicalJSON
import ProjectionRuntime

/// What is known about a party, each field with the id of the event that won.
///
/// The golden record takes the last value in log order and ignores empty ones (`null`, the empty text): a form that was
/// sent half filled must not wipe out what somebody took the trouble to find out.
struct ProfileRow: RowValue, Equatable {
    struct Field: Equatable, Sendable {
        let name: String
        /// Canonical JSON.
        var value: String
        /// Id of the winning event.
        var event: String
    }

    struct Owner: Equatable, Sendable {
        var id: String
        var team: String?
        /// Milliseconds since 1970.
        var since: Int64
        var event: String
    }

    /// By name, ascending.
    private(set) var fields: [Field] = []
    /// Classifications: the scheme as the name, ascending.
    private(set) var classes: [Field] = []
    var owner: Owner?

    init() {}

    /// Sets a field, unless the value is empty.
    mutating func set(_ name: String, _ value: JSON, by event: String) {
        guard value != .null, value != .text("") else { return }
        Self.set(name, value, by: event, in: &fields)
    }

    /// Sets the class of a scheme, such as `tier`.
    mutating func classify(_ scheme: String, _ value: String, by event: String) {
        Self.set(scheme, .text(value), by: event, in: &classes)
    }

    private static func set(_ name: String, _ value: JSON, by event: String, in fields: inout [Field]) {
        let field = Field(name: name, value: value.canonicalText, event: event)
        let index = fields.firstIndex { $0.name >= name } ?? fields.count
        if index < fields.count, fields[index].name == name {
            fields[index] = field
        } else {
            fields.insert(field, at: index)
        }
    }

    func encode(to encoder: inout RowEncoder) {
        for list in [fields, classes] {
            encoder.list(list) { encoder, field in
                encoder.text(field.name)
                encoder.text(field.value)
                encoder.text(field.event)
            }
        }
        encoder.boolean(owner != nil)
        guard let owner else { return }
        encoder.text(owner.id)
        encoder.optionalText(owner.team)
        encoder.integer(owner.since)
        encoder.text(owner.event)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        func field(_ decoder: inout RowDecoder) throws(RowError) -> Field {
            Field(name: try decoder.text(), value: try decoder.text(), event: try decoder.text())
        }
        fields = try decoder.list(field)
        classes = try decoder.list(field)
        guard try decoder.boolean() else { return }
        owner = Owner(
            id: try decoder.text(), team: try decoder.optionalText(), since: try decoder.integer(),
            event: try decoder.text())
    }
}
