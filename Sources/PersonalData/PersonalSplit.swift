public import CRMEvents
public import CanonicalJSON

/// An event's data in two parts: what is recorded for ever, and what is sealed (CATALOG.md section 3).
///
/// A personal member keeps its way from the root: `person.email` stands in the personal part as `email` inside
/// `person`. Of a personal change the field's name stays public, and the values go to `changes.<field>`.
public struct PersonalSplit: Equatable {
    /// The data without its personal members.
    public private(set) var open: JSON
    /// The personal members.
    public private(set) var personal: JSON

    /// Parts checked data by the places of its personal members.
    public init(_ data: JSONNode, personal places: PersonalPlaces) {
        let personal = Set((0..<places.count).map { places[$0] })
        let parts = Self.part(data, personal)
        open = parts.open ?? .object([:])
        self.personal = parts.personal ?? .object([:])
    }

    /// Parts as they stand.
    public init(open: JSON, personal: JSON) {
        self.open = open
        self.personal = personal
    }

    private static func part(_ value: JSONNode, _ personal: Set<JSONPlace>) -> (open: JSON?, personal: JSON?) {
        if personal.contains(value.cursor.place) { return (nil, JSON(value)) }
        switch value.kind {
        case .object:
            var (open, sealed): (JSON.Members, JSON.Members) = ([:], [:])
            for (name, member) in value.members {
                let parts =
                    name == "changes" && member.kind == .array
                    ? changes(member, personal) : part(member, personal)
                open[name] = parts.open
                sealed[name] = parts.personal
            }
            // An object of personal members alone leaves nothing behind.
            return (open.isEmpty && !sealed.isEmpty ? nil : .object(open), sealed.isEmpty ? nil : .object(sealed))
        default: return (JSON(value), nil)
        }
    }

    /// CHANGES: the values of a personal field, by its name.
    private static func changes(
        _ list: JSONNode, _ personal: Set<JSONPlace>
    ) -> (open: JSON?, personal: JSON?) {
        var open: [JSON] = []
        var sealed: JSON.Members = [:]
        for change in list.elements {
            let parts = part(change, personal)
            open.append(parts.open ?? .object([:]))
            if let field = change["field"]?.text { sealed[field] = parts.personal ?? sealed[field] }
        }
        return (.array(open), sealed.isEmpty ? nil : .object(sealed))
    }

    /// The data as its producer sent it: the personal members back in their places.
    public var whole: JSON { Self.joined(open, personal) }

    private static func joined(_ open: JSON, _ personal: JSON) -> JSON {
        guard case .object(var members) = open, case .object(let sealed) = personal else { return personal }
        for (name, value) in sealed {
            switch members[name] {
            case nil: members[name] = value
            case .array(let changes)? where name == "changes":
                members[name] = .array(
                    changes.map { change in
                        guard let field = change["field"]?.text, let values = value[field] else { return change }
                        return joined(change, values)
                    })
            case let member?: members[name] = joined(member, value)
            }
        }
        return .object(members)
    }
}
