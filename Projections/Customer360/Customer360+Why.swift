public import CanonicalJSON
import CRMEvents
import EventModel
public import ProjectionRuntime

extension Customer360 {
    /// The events behind a value of a customer's page: positions, ids, types and times, newest first; `nil` if there is
    /// no such customer.
    ///
    /// - Parameters:
    ///   - field: the path of the value on the page, such as `profile.name`, `commerce.revenue`, `pipeline.amount`,
    ///     `consent.newsletter.email`, `contacts.c1`, `counts.order.placed`, `owner`, `lifecycle` or
    ///     `service.open_tickets`.
    ///   - parameters: `before` and `limit` of the page of events, 50 unless asked otherwise, and `time_zone`. A page
    ///     may be short and still have a next one.
    public static func why(
        _ key: String, field: String, _ parameters: ViewParameters = .none, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow("before", "limit", "time_zone")
        for block in borrowedBlocks where field == block.member || field.hasPrefix(block.member + ".") {
            throw .badParameter(
                name: "FIELD", found: "a value that another view knows", allowed: "the question to '\(block.view)'")
        }
        guard Provenance(path: field.split(separator: ".").map(String.init)) != nil else {
            throw .badParameter(
                name: "FIELD", found: "not the path of a value",
                allowed: "a path such as "
                    + Provenance.examples.joined(separator: ", "))
        }
        let party = PartyKey(ownStream: key) ?? .account(key)
        let zone = try parameters.text("time_zone")
        let asked = try ViewParameters(zone.map { ["time_zone": .text($0)] } ?? [:])
        guard let page = try CustomerPage(party, in: try parameters.zone(), snapshot),
            let row = try get(key, asked, in: snapshot)
        else { return nil }
        let (path, value) = try Self.value(at: field, in: row)
        guard let reason = Provenance(path: path) else { return nil }
        var filter = try TimelinePage.Filter(parameters)
        filter.types = reason.types
        let found = try TimelinePage(of: page.identity.sources, filter, in: snapshot)
        let elsewhere = try EventsElsewhere(behind: path, of: page, in: snapshot).positions
            .filter { $0 < filter.before ?? .max && $0 >= found.next ?? 0 }
        let positions = Set(found.entries.map(\.position)).union(elsewhere).sorted(by: >)
        let isCut = positions.count > filter.limit
        let next = isCut ? positions[filter.limit - 1] : found.next
        var events: [JSON] = []
        for position in positions.prefix(filter.limit) {
            guard let event = try snapshot.event(at: Position(position)),
                elsewhere.contains(position) || reason.isMeant(event, page)
            else { continue }
            events.append([
                "position": .integer(Int64(clamping: position)), "id": .text(event.id), "type": .text(event.type),
                "time_ms": .integer(event.time.milliseconds), "stream": .text(event.stream.text),
            ])
        }
        return [
            "field": .text(field), "value": value, "events": .array(events),
            "next": .from(next.map { Int64(clamping: $0) }),
        ]
    }

    /// Blocks whose members are named by events: what nobody named is no error, it has no value.
    private static let openBlocks: Set = [
        "classification", "consent", "contacts", "counts", "person", "profile", "scores", "tags",
    ]

    /// The value at a path and the names on the way, which may have dots of their own: types of events, ids, tags.
    /// Where two names fit, the longer one is meant; a contact is found by its id.
    ///
    /// - Throws: where the page has no such member, with those that it has there.
    private static func value(at field: String, in row: JSON) throws(ViewError) -> (path: [String], value: JSON) {
        var (path, value, rest): ([String], JSON, Substring) = ([], row, field[...])
        while !rest.isEmpty {
            var named: JSON.Members = [:]
            if case .object(let members) = value { named = members }
            for contact in value["entries"]?.elements ?? [] { named[contact["contact_id"]?.text ?? ""] = contact }
            let fitting = named.filter { rest == $0.key || rest.hasPrefix($0.key + ".") }
            guard let next = fitting.max(by: { $0.key.utf8.count < $1.key.utf8.count }) else {
                try expectMember(path, value)
                return (path + rest.split(separator: ".").map(String.init), .null)
            }
            path.append(next.key)
            value = next.value
            rest = rest.dropFirst(next.key.utf8.count + 1)
        }
        return (path, value)
    }

    /// Refuses to look for a member where there are others, and none can be added by an event. Amounts are open too: a
    /// currency in which there is nothing has no member.
    private static func expectMember(_ path: [String], _ value: JSON) throws(ViewError) {
        guard let block = path.first, !openBlocks.contains(block), value != .null else { return }
        var names: [String] = []
        if case .object(let members) = value { names = members.keys }
        let isMoney = value == [:] || !names.isEmpty && names.allSatisfy { $0.utf8.count == 3 && $0 == $0.uppercased() }
        guard !isMoney else { return }
        let place = path.joined(separator: ".")
        throw .badParameter(
            name: "FIELD", found: "a member that '\(place)' does not have",
            allowed: names.isEmpty ? "'\(place)' itself" : names.joined(separator: ", "))
    }
}

extension ViewParameters {
    /// No parameters.
    public static let none: ViewParameters = {
        guard let none = try? ViewParameters([:]) else { preconditionFailure("an object without members is one") }
        return none
    }()
}
