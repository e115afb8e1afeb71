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
    ///     `consent.newsletter.email`, `owner`, `lifecycle` or `service.open_tickets`.
    ///   - parameters: `before` and `limit` of the page of events, 50 unless asked otherwise. A page may be short and
    ///     still have a next one.
    public static func why(
        _ key: String, field: String, _ parameters: ViewParameters = .none, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow("before", "limit")
        guard let reason = Provenance(field: field) else {
            throw .badParameter(
                name: "FIELD", found: "not the path of a value",
                allowed: "a path such as "
                    + Provenance.examples.joined(separator: ", "))
        }
        guard let page = try CustomerPage(PartyKey(ownStream: key) ?? .account(key), in: snapshot) else { return nil }
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
        var value = try get(key, .none, in: snapshot)
        for name in field.split(separator: ".") { value = value?[String(name)] }
        return [
            "field": .text(field), "value": value ?? .null, "events": .array(events),
            "next": .from(found.next.map { Int64(clamping: $0) }),
        ]
    }
}

extension ViewParameters {
    /// No parameters.
    public static let none: ViewParameters = {
        guard let none = try? ViewParameters([:]) else { preconditionFailure("an object without members is one") }
        return none
    }()
}
