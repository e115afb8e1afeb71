import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// What belongs to no account (READ_MODELS section 0): the events of leads that did not become one, of contacts while
/// they were linked to none, of somebody unidentified, and those of streams that name nobody.
///
/// Whether somebody has an account is asked of the merge map of the snapshot, so a merge takes the whole history of a
/// party out, and an unmerge puts it back.
struct Unattributed {
    private let snapshot: ViewSnapshot
    /// Whether those have an account who were asked about already.
    private var known: [PartyKey: Bool] = [:]

    init(in snapshot: ViewSnapshot) { self.snapshot = snapshot }

    /// Whether the events of a party count for an account: it was merged into one, or into a lead that became one. Each
    /// party on the way up is looked at once, however many lie below it.
    private mutating func hasAccount(_ party: PartyKey) throws(ViewError) -> Bool {
        var way: [PartyKey] = []
        var current = party
        while known[current] == nil {
            let row = try snapshot.row(Customer360.mergeTable, current.name)
            guard let parent = try CustomerIdentity.parent(of: current, row, in: snapshot) else {
                let isAccount = current.kind == .account
                let became = isAccount ? nil : try snapshot.row(Customer360.partyTable, current)?.account
                known[current] = isAccount || became != nil
                break
            }
            way.append(current)
            current = parent
        }
        let answer = known[current] ?? false
        for party in way { known[party] = answer }
        return answer
    }

    /// The events by type. What the totals counted as they came is put right for the parties of the merge map.
    mutating func tally(_ totals: TotalsRow) throws(ViewError) -> EventTally {
        var tally = totals.unattributed
        try snapshot.forEach(Customer360.mergeTable, from: PartyKey.contact("").name) {
            (name, _) throws(ViewError) -> Bool in
            guard let party = PartyKey(ownStream: name) else { return true }
            let hasAccount = try hasAccount(party)
            if let row = try snapshot.row(Customer360.partyTable, party) {
                // Of a lead that became an account by itself nothing is in the totals.
                if row.account == nil, hasAccount { tally.subtract(row.tally) }
                if row.account != nil, !hasAccount { tally.add(row.tally) }
            }
            if hasAccount, let row = try snapshot.row(Customer360.partyTable, party.ofMerges) {
                tally.subtract(row.tally)
            }
            return true
        }
        return tally
    }

    /// Who and what the events belong to: parties, then streams that name nobody, each in the order of their names; at
    /// most `limit` of them, from a party's name on, or a stream's behind `stream:`.
    mutating func page(from: String, limit: Int) throws(ViewError) -> ViewPage {
        var page = ViewPage(rows: [], next: nil)
        var stream = ""
        if from.hasPrefix(Self.streams) {
            stream = String(from.dropFirst(Self.streams.count))
        } else {
            guard let party = from.isEmpty ? .contact("") : PartyKey(ownStream: from) else {
                throw .badParameter(
                    name: "from", found: "neither a party nor a stream",
                    allowed: "a party such as lead-1, or a stream such as stream:campaign-c1")
            }
            try add(partiesFrom: party, to: &page, limit)
        }
        guard page.next == nil else { return page }
        try snapshot.forEach(Customer360.strayTable, from: stream) { (name, row) throws(ViewError) -> Bool in
            guard page.rows.count < limit else {
                page.next = Self.streams + name
                return false
            }
            page.rows.append(Self.json(name, "stream", row.tally, row.lastEvent))
            return true
        }
        return page
    }

    private mutating func add(partiesFrom first: PartyKey, to page: inout ViewPage, _ limit: Int) throws(ViewError) {
        try snapshot.forEach(Customer360.partyTable, from: first) { (key, row) throws(ViewError) -> Bool in
            guard key.kind != .account, key == key.bare || key == key.ofMerges,
                try !hasAccount(key.bare)
            else { return true }
            // What somebody is known by is its own row, and that of its merges only where there is no other.
            let other = try snapshot.row(Customer360.partyTable, key == key.bare ? key.ofMerges : key.bare)
            guard key == key.bare || other == nil else { return true }
            guard page.rows.count < limit else {
                page.next = key.name
                return false
            }
            var (tally, lastEvent) = (row.tally, row.lastEvent)
            if let other {
                tally.add(other.tally)
                lastEvent = other.lastEvent.map { latest(lastEvent, $0) } ?? lastEvent
            }
            page.rows.append(Self.json(key.name, key.kind.word, tally, lastEvent))
            return true
        }
    }

    /// Before the name of a stream where a page begins.
    private static let streams = "stream:"

    private static func json(_ name: String, _ kind: String, _ tally: EventTally, _ lastEvent: Int64?) -> JSON {
        [
            "name": .text(name), "kind": .text(kind), "events": .integer(tally.total), "counts": tally.json,
            "last_event": .from(lastEvent),
        ]
    }
}

/// How many events a stream has that name nobody.
struct StrayRow: RowValue, Equatable {
    private(set) var tally = EventTally()
    /// Milliseconds since 1970.
    private(set) var lastEvent: Int64?

    init() {}

    mutating func add(_ kind: EventKind?, _ event: CRMEvent) {
        tally.add(kind, type: event.type)
        lastEvent = latest(lastEvent, event.time.milliseconds)
    }

    func encode(to encoder: inout RowEncoder) {
        tally.encode(to: &encoder)
        encoder.optionalInteger(lastEvent)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        tally = try EventTally(from: &decoder)
        lastEvent = try decoder.optionalInteger()
    }
}
