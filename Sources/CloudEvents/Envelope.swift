import CanonicalJSON
import EventModel

/// The top-level members of one event, each in its place and not yet checked.
///
/// A member that is `null` counts as absent (CloudEvents JSON format 1.0, section 2.2), except `data`.
struct Envelope {
    /// The members with a meaning of their own; the raw value is the place in ``names``.
    enum Member: Int {
        case specversion, id, source, type, subject, time, dataschema, datacontenttype, actor, correlation
        case causation, reason, expect, position, revision, recorded, data
        case base64Data, personal

        /// The member that holds a text.
        init(_ text: EventText) {
            self =
                switch text {
                case .stream: .subject
                case .type: .type
                case .source: .source
                case .id: .id
                case .actor: .actor
                case .correlation: .correlation
                case .causation: .causation
                case .reason: .reason
                }
        }

        /// The name in the document.
        var name: String { Envelope.names.names[rawValue] }
    }

    static let names = JSONNames([
        "specversion", "id", "source", "type", "subject", "time", "dataschema", "datacontenttype", "actor",
        "correlation", "causation", "reason", "expect", "position", "revision", "recorded", "data", "data_base64",
        "personal",
    ])

    /// Where each member stands; the root, where no member can be, for one that is absent.
    private var places = InlineArray<19, JSONPlace>(repeating: .root)
    /// Everything else: the later `meta`.
    private(set) var extensions: [(name: JSONPlace, value: JSONPlace)] = []

    init(_ event: borrowing JSONCursor) throws(CloudEventError) {
        guard event.kind == .object else {
            throw CloudEventError("outermost value", found: event.found, allowed: "one JSON object per event")
        }
        let names = Self.names
        var walk = event.inside
        while let name = walk.next(), let value = walk.next() {
            guard let index = names.index(of: name) else {
                if !value.isNull { extensions.append((name.place, value.place)) }
                continue
            }
            if !value.isNull || index == Member.data.rawValue { places[index] = value.place }
        }
        if has(.base64Data) {
            throw CloudEventError(
                "data_base64", found: event.value(at: place(.base64Data)).found,
                allowed: "the data as a JSON object in 'data'")
        }
    }

    /// Where a member stands; the root if it is absent.
    func place(_ member: Member) -> JSONPlace { places[member.rawValue] }

    /// Whether a member is there.
    func has(_ member: Member) -> Bool { places[member.rawValue] != .root }
}

extension JSONCursor {
    /// What stands here, in words and without its content.
    var found: String {
        switch kind {
        case .object: "an object of \(count) members"
        case .array: "a list of \(count) elements"
        case .text: "a text of \(textByteCount) bytes"
        case .integer: "an integer"
        case .boolean: "a Boolean"
        case .null: "null"
        }
    }
}
