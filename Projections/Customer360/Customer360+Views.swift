public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension Customer360 {
    /// One account (`42` or `account-42`) or lead (`lead-9`).
    ///
    /// Parameters are those of the timeline page in it: `before`, `limit`, `type`, `channel`. The cost is one point
    /// read for the profile, one per source party, the contacts up to a bound, the chunks of the page, and the
    /// events on it that have personal fields.
    public static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow("before", "limit", "type", "channel")
        let filter = try TimelinePage.Filter(parameters)
        let party = PartyKey(ownStream: key) ?? .account(key)
        guard let row = try snapshot.row(partyTable, party) else { return nil }
        let view = try PartyView(party, row, in: snapshot)
        var members = view.blocks
        let profile = try snapshot.row(profileTable, party) ?? ProfileRow()
        members.merge(try profile.blocks()) { _, block in block }
        members["person"] = try snapshot.row(personTable, party.name)?.json(in: snapshot) ?? .null
        if party.kind == .account { members["contacts"] = try ContactList(of: party.id, in: snapshot).json }
        members["timeline"] = try TimelinePage(of: view.sources, filter, in: snapshot).json(in: snapshot)
        return .object(members)
    }

    /// Accounts with their leads added, in the order of their ids. Parameters: `from` (an id), `limit`.
    public static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        try parameters.allow("from", "limit")
        let limit = try parameters.limit(default: 100, max: 10_000)
        let from = try parameters.text("from") ?? ""
        let first = PartyKey(ownStream: from) ?? .account(from)
        var page = ViewPage(rows: [], next: nil)
        guard first.kind == .account else {
            throw .badParameter(name: "from", found: "a lead", allowed: "an account's id")
        }
        try snapshot.forEach(partyTable, from: first) { (key, row) throws(ViewError) -> Bool in
            guard key.kind == .account else { return false }
            let view = try PartyView(key, row, in: snapshot)
            guard view.figures.eventCount > 0 else { return true }
            guard page.rows.count < limit else {
                page.next = key.id
                return false
            }
            page.rows.append(view.tableRow)
            return true
        }
        return page
    }

    /// Totals over all customers, a point read. It takes no parameters.
    public static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        try parameters.allow()
        let totals = try snapshot.row(totalsTable, OnlyRow()) ?? TotalsRow()
        let unattributed = totals.unattributed
        return [
            "events": .integer(totals.eventCount), "accounts": .integer(totals.accountCount),
            "leads": ["open": .integer(totals.openLeadCount), "converted": .integer(totals.convertedLeadCount)],
            "unattributed": ["events": .integer(unattributed.total), "counts": unattributed.json],
        ]
    }
}
