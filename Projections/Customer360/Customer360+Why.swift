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
    ///   - parameters: `before` and `limit` of the page of events, 50 unless asked otherwise. A page may be short and
    ///     still have a next one.
    public static func why(
        _ key: String, field: String, _ parameters: ViewParameters = .none, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow("before", "limit")
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
        guard let page = try CustomerPage(PartyKey(ownStream: key) ?? .account(key), in: snapshot),
            let row = try get(key, .none, in: snapshot)
        else { return nil }
        let (path, value) = Self.value(at: field[...], in: row)
        guard let reason = Provenance(path: path) else { return nil }
        var filter = try TimelinePage.Filter(parameters)
        filter.types = reason.types
        let found = try TimelinePage(of: page.identity.sources, filter, in: snapshot)
        var events: [JSON] = []
        for entry in found.entries {
            guard let event = try snapshot.event(at: Position(entry.position)), reason.isMeant(event, page) else {
                continue
            }
            events.append([
                "position": .integer(Int64(clamping: entry.position)), "id": .text(event.id), "type": .text(entry.type),
                "time_ms": .integer(entry.time), "stream": .text(entry.stream),
            ])
        }
        return [
            "field": .text(field), "value": value, "events": .array(events),
            "next": .from(found.next.map { Int64(clamping: $0) }),
        ]
    }

    /// The value at a path and the names on the way, which may have dots of their own: types of events, ids, tags.
    /// Where two names fit, the longer one is meant; a contact is found by its id.
    private static func value(at path: Substring, in json: JSON) -> (path: [String], value: JSON) {
        guard !path.isEmpty else { return ([], json) }
        var named: JSON.Members = [:]
        if case .object(let members) = json { named = members }
        for contact in json["entries"]?.elements ?? [] { named[contact["contact_id"]?.text ?? ""] = contact }
        let fitting = named.filter { path == $0.key || path.hasPrefix($0.key + ".") }
        guard let next = fitting.max(by: { $0.key.utf8.count < $1.key.utf8.count }) else {
            return (path.split(separator: ".").map(String.init), .null)
        }
        let rest = value(at: path.dropFirst(next.key.count + 1), in: next.value)
        return ([next.key] + rest.path, rest.value)
    }
}

extension ViewParameters {
    /// No parameters.
    public static let none: ViewParameters = {
        guard let none = try? ViewParameters([:]) else { preconditionFailure("an object without members is one") }
        return none
    }()
}
