import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

extension CustomerIdentity {
    /// Under what other names the customer is known: `external_ids`, those in other systems, and `links`, the
    /// identifiers that it turned out to have. A link only tells; that two parties are one is told by a merge.
    func names(_ record: GoldenRecord, in snapshot: ViewSnapshot) throws(ViewError) -> JSON.Members {
        var links: [JSON] = []
        for party in members + leads.map(\.key) {
            links += try snapshot.row(Customer360.personTable, party.name)?.links(of: party, in: snapshot) ?? []
        }
        return ["external_ids": .array(record.externalIDs), "links": .array(links)]
    }
}

extension PersonRow {
    /// The identifiers in the order in which they were told. What they say is personal: the opened value, or the mark
    /// in its place.
    func links(of party: PartyKey, in snapshot: ViewSnapshot) throws(ViewError) -> [JSON] {
        var found: [JSON] = []
        for position in links {
            guard let event = try snapshot.event(at: Position(position)),
                case .party(.identityLinked(let link)) = event.body
            else { continue }
            var value = event.personal.json
            if case .opened(let fields) = event.personal { value = fields["value"].map { JSON($0) } ?? .null }
            found.append([
                "party": .text(party.name), "kind": .text(link.kind), "value": value, "source": .text(link.source),
                "confidence_bp": .integer(link.confidence), "event": .text(event.id),
                "position": .integer(Int64(clamping: position)),
            ])
        }
        return found
    }
}
