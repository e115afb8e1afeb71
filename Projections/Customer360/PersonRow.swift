import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// Which events say who a person is: a contact, a lead, or an account that is a natural person.
///
/// The fields themselves are opened when somebody asks. So no view has them on disk, and an erasure needs no rebuild.
struct PersonRow: RowValue, Equatable {
    /// The types whose personal fields say who somebody is. What others say is text of the timeline.
    static let types: Set = [
        "account.created", "account.updated", "contact.created", "contact.updated", "lead.captured", "lead.updated",
    ]

    /// Events that are looked up for one person, at most: the first, which has most of the fields, and the newest.
    static let countMax = 16

    /// The type whose events say under what other names a person is known.
    static let linkType = "identity.linked"

    /// Positions, ascending.
    private(set) var positions: [UInt64] = []
    /// Positions of what said other names, ascending: the newest.
    private(set) var links: [UInt64] = []

    init() {}

    /// Adds an event; of too many the second oldest is dropped.
    mutating func add(_ position: UInt64) {
        positions.append(position)
        if positions.count > Self.countMax { positions.remove(at: 1) }
    }

    /// Adds an event that says another name.
    mutating func addLink(_ position: UInt64) {
        links.append(position)
        if links.count > Self.countMax { links.removeFirst() }
    }

    /// What can be seen of a person.
    enum Seen {
        case fields(ProfileRow)
        /// The mark in the place of the fields.
        case mark(JSON)

        func json() throws(ViewError) -> JSON {
            switch self {
            case .fields(let fields): try fields.fieldsJSON()
            case .mark(let mark): mark
            }
        }
    }

    /// The newest value of each field, with the id of its event; or the mark in their place, since one key of one
    /// purpose holds all of them; `nil` where nothing was said. Who is several parties has one row of each, of
    /// which the first 16 are looked at, and is erased if one of them is.
    static func seen(_ rows: [PersonRow], in snapshot: ViewSnapshot) throws(ViewError) -> Seen? {
        var told: [(time: Int64, origin: Origin, fields: JSONNode)] = []
        for row in rows.prefix(countMax) {
            // What one party's own events say is in their order, whatever their times.
            var time = Int64.min
            for position in row.positions {
                guard let event = try snapshot.event(at: Position(position)) else { continue }
                guard case .opened(let fields) = event.personal else { return .mark(event.personal.json) }
                time = max(time, event.time.milliseconds)
                told.append((time, Origin(event), fields))
            }
        }
        guard !told.isEmpty else { return nil }
        var profile = ProfileRow()
        for (_, origin, fields) in told.sorted(by: { ($0.time, $0.origin.position) < ($1.time, $1.origin.position) }) {
            profile.take(personal: fields, by: origin)
        }
        return .fields(profile)
    }

    func encode(to encoder: inout RowEncoder) {
        for list in [positions, links] {
            encoder.list(list) { encoder, position in encoder.integer(Int64(bitPattern: position)) }
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        func position(_ decoder: inout RowDecoder) throws(RowError) -> UInt64 {
            UInt64(bitPattern: try decoder.integer())
        }
        positions = try decoder.list(position)
        links = try decoder.list(position)
    }
}

extension ProfileRow {
    /// Takes over the personal fields of an event; prose stays with the event.
    fileprivate mutating func take(personal fields: JSONNode, by origin: Origin) {
        for (name, value) in fields.members {
            switch name {
            case "note", "message": break
            case "changes":
                for (field, change) in value.members {
                    if let new = change["new"] { set(personal: field, new, by: origin) }
                }
            default: set(personal: name, value, by: origin)
            }
        }
    }

    /// Sets a personal field; the members of a lead's `person` become fields of their own.
    private mutating func set(personal name: String, _ value: JSONNode, by origin: Origin) {
        guard name == "person", value.kind == .object else { return set(name, FieldValue(JSON(value)), by: origin) }
        for (member, value) in value.members { set(member, FieldValue(JSON(value)), by: origin) }
    }
}
