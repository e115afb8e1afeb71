import ProjectionRuntime

/// The events behind a value of the page that are on no timeline of the customer: versions of pipelines and costs,
/// which are everybody's; suspicions of a duplicate, which are a case of their own; and what was said of a contact
/// while it was linked to nobody.
struct EventsElsewhere {
    /// Positions, each once, in any order.
    private(set) var positions: Set<UInt64> = []

    init(behind path: [String], of page: CustomerPage, in snapshot: ViewSnapshot) throws(ViewError) {
        let member = path.dropFirst().first
        switch path.first {
        case "pipeline" where member.map(["weighted_amount", "without_probability", "rules"].contains) ?? true:
            positions = try WeightedPipeline(page.figures.openDeals, in: snapshot).positions
        case "commerce" where member == nil || member == "margin":
            let (sources, orders) = (page.identity.sources, page.figures.orders)
            positions = try Margin(of: sources, orders, in: page.zone, snapshot).positions
        case "quality" where member.map(["uniqueness_bp", "score_bp"].contains) ?? true:
            for party in page.identity.members {
                try snapshot.forEach(Customer360.duplicateTable, of: party) { _, row in
                    positions.formUnion(row.positions)
                }
            }
        case "contacts" where path.count < 3 || ["person", "profile", "links"].contains(path[2]):
            let people = try LinkedPerson.all(page.identity.contacts, atMost: ContactList.countMax, in: snapshot)
            for person in people where member == nil || person.parties.contains(where: { $0.id == member }) {
                for party in person.parties { try add(what: party, in: snapshot) }
            }
        default: break
        }
    }

    /// What says who somebody is.
    private mutating func add(what party: PartyKey, in snapshot: ViewSnapshot) throws(ViewError) {
        if let row = try snapshot.row(Customer360.personTable, party.name) {
            positions.formUnion(row.positions + row.links)
        }
        let profile = try snapshot.row(Customer360.profileTable, party)
        positions.formUnion((profile?.fields ?? []).compactMap { $0.assertions.last?.origin.position })
    }
}
