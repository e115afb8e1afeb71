public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension Customer360 {
    /// One account (`42` or `account-42`) or lead (`lead-9`); for a party that was merged, the customer that survived.
    ///
    /// Parameters: those of the timeline page in it, `before`, `limit`, `type`, `channel`; those of the golden record,
    /// `golden` (`last_updated`, `most_frequent`, `source_order`) and `sources` (names of parties, with commas); and
    /// `time_zone`, where the civil days begin, UTC unless asked otherwise. The cost is a few point reads per source
    /// party, ranges as long as what is open or active, the chunks of the page, and the events on it that have personal
    /// fields.
    ///
    /// The member `churn` is `null` here: another read model knows it, and who answers borrows it
    /// (``borrowedBlocks``).
    public static func get(
        _ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        try parameters.allow("before", "limit", "type", "channel", "golden", "sources", "time_zone")
        let filter = try TimelinePage.Filter(parameters)
        let rules = GoldenRecord.Rule.allCases.map(\.rawValue)
        let rule = try parameters.choice("golden", of: rules, default: GoldenRecord.Rule.lastUpdated.rawValue)
        let order = try parameters.text("sources")?.split(separator: ",").map(String.init) ?? []
        guard order.isEmpty || rule == GoldenRecord.Rule.sourceOrder.rawValue else {
            throw .badParameter(
                name: "sources", found: "given without 'golden'", allowed: "'golden' as source_order beside it")
        }
        let party = PartyKey(ownStream: key) ?? .account(key)
        guard let page = try CustomerPage(party, in: try parameters.zone(), snapshot) else { return nil }
        let identity = page.identity
        let sources = identity.sources
        let record = try GoldenRecord(
            of: identity, by: GoldenRecord.Rule(rawValue: rule) ?? .lastUpdated, order: order, in: snapshot)
        var people: [PersonRow] = []
        for party in identity.accounts {
            if let row = try snapshot.row(personTable, party.name) { people.append(row) }
        }
        let person = try PersonRow.seen(people, in: snapshot)
        var members = page.blocks
        if case .object(let who)? = members["identity"] {
            members["identity"] = .object(who.merging(try identity.names(record, in: snapshot)) { own, _ in own })
        }
        members.merge(try record.blocks()) { _, block in block }
        let agreements = try Agreements(of: sources, at: page.moment, on: page.day, in: snapshot)
        members.merge(agreements.blocks) { _, block in block }
        members["pipeline"] = try page.pipeline(in: snapshot)
        members["commerce"] = try page.commerce(in: snapshot)
        members["lifecycle"] = try Lifecycle(of: sources, in: snapshot).json
        members["consent"] = try consent(of: identity, at: page.moment, in: snapshot)
        members["person"] = try person?.json() ?? .null
        members["quality"] = try DataQuality(record, person, identity, at: page.moment, in: snapshot).json
        if identity.survivor.kind == .account {
            members["contacts"] = try ContactList(identity.contacts, at: page.moment, in: snapshot).json
        }
        members["timeline"] = try TimelinePage(of: sources, filter, in: snapshot).json(in: snapshot)
        return .object(members)
    }

    /// What the churn model says of the customer from its own facts alone.
    public static let borrowedBlocks = [
        BorrowedBlock(member: "churn", of: "churn-signals", ["fields": "own"]) { row in
            row["identity"]?["kind"] == "account" ? row["identity"]?["id"]?.text : nil
        }
    ]

    /// The versions of the pipelines by which the customer's open deals were weighted, and the rule of the churn block.
    /// Totals and tables rest on none.
    public static func rules(
        of row: JSON?, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> [RuleVersion] {
        func version(_ kind: String, _ rule: JSON) -> RuleVersion? {
            guard let id = rule["rule_id"]?.text, let version = rule["version"]?.integer else { return nil }
            return RuleVersion(kind: kind, id: id, version: version)
        }
        let pipelines = (row?["pipeline"]?["rules"]?.elements ?? []).compactMap { version("pipeline", $0) }
        return pipelines + [row?["churn"]?["rule"]].compactMap { $0.flatMap { version("churn", $0) } }
    }

    private static func consent(
        of identity: CustomerIdentity, at moment: Int64, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON {
        var all = ConsentRow()
        for party in identity.members + identity.leads.map(\.key) {
            if let row = try snapshot.row(consentTable, party) { all.add(row) }
        }
        return all.json(at: moment)
    }

    /// Accounts with everything that belongs to them added, in the order of their ids; one that was merged into another
    /// is part of that one. Parameters: `from` (an id), `limit`; with `kind` as `unattributed` who and what has events
    /// that belong to no account, `from` a name.
    public static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        try parameters.allow("kind", "from", "limit")
        let limit = try parameters.limit(default: 100, max: 10_000)
        let from = try parameters.text("from") ?? ""
        guard try parameters.choice("kind", of: ["accounts", "unattributed"], default: "accounts") == "accounts" else {
            var unattributed = Unattributed(in: snapshot)
            return try unattributed.page(from: from, limit: limit)
        }
        let first = PartyKey(ownStream: from) ?? .account(from)
        guard first.kind == .account else {
            throw .badParameter(name: "from", found: "another party", allowed: "an account's id")
        }
        var page = ViewPage(rows: [], next: nil)
        var accounts = AccountWalk(from: first.id)
        while let id = try accounts.next(in: snapshot) {
            let merges = try snapshot.row(mergeTable, PartyKey.account(id).name)
            guard try CustomerIdentity.parent(of: .account(id), merges, in: snapshot) == nil,
                let customer = try CustomerPage(.account(id), snapshot), customer.figures.eventCount > 0
            else { continue }
            guard page.rows.count < limit else {
                page.next = id
                break
            }
            page.rows.append(customer.tableRow)
        }
        return page
    }

    /// Totals over all customers. It takes no parameters.
    public static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        try parameters.allow()
        let totals = try snapshot.row(totalsTable, OnlyRow()) ?? TotalsRow()
        var search = Unattributed(in: snapshot)
        let unattributed = try search.tally(totals)
        let linkedCount = try AccountWalk.countWithoutEvents(in: snapshot)
        return [
            "events": .integer(totals.eventCount), "accounts": .integer(totals.accountCount &+ linkedCount),
            "leads": ["open": .integer(totals.openLeadCount), "converted": .integer(totals.convertedLeadCount)],
            "unattributed": ["events": .integer(unattributed.total), "counts": unattributed.json],
        ]
    }
}
