public import ProjectionRuntime
import CRMEvents
import EventModel

/// Where the events of one customer lie (CATALOG.md section 4): in the streams of everybody that it is or was, in the
/// events that name one of them, in the streams that such an event began, and in what hangs on those.
extension Customer360: EntityReadModel {
    public static func gather(_ key: String, with reader: inout HistoryReader) throws(ViewError) {
        var walk = CustomerWalk(from: PartyKey(ownStream: key) ?? .account(key))
        while let parties = walk.next() {
            let named = try reader.events(
                of: Set(parties.flatMap(\.streams)), matching: parties.map { .init(terms: [$0.term]) })
            let begun = Set(named.filter { $0.revision == .first }.map(\.stream.text))
            let others = named.filter { !begun.contains($0.stream.text) }
            let events = try others + reader.events(of: begun)
            try reader.first(of: others.map(\.stream))
            for event in events { walk.look(at: event) }
            try reader.follow(events)
        }
    }
}

/// Everybody that one customer is, was or was merged with, and the contacts that were ever linked to it.
private struct CustomerWalk {
    private var waiting: [PartyKey]
    private var seen: Set<PartyKey>

    init(from party: PartyKey) {
        waiting = [party]
        seen = [party]
    }

    /// Those that nobody has looked at yet; `nil` if there are none.
    mutating func next() -> [PartyKey]? {
        defer { waiting = [] }
        return waiting.isEmpty ? nil : waiting
    }

    private mutating func add(_ party: PartyKey?) {
        if let party, seen.insert(party).inserted { waiting.append(party) }
    }

    /// Widens the walk by what an event says about who is who. A contact or a lead leads to nobody but those that it
    /// was merged with: its page, or its part of a page, needs no account. Whatever an account leads to is read once
    /// more when the account's own turn comes.
    mutating func look(at event: CRMEvent) {
        switch event.body {
        case .party(.merged(let merge)):
            for name in [merge.survivingID] + merge.mergedIDs { add(PartyKey(ownStream: name)) }
        case .party(.unmerged(let unmerge)):
            for name in [unmerge.survivingID] + unmerge.restoredIDs { add(PartyKey(ownStream: name)) }
        case .lead(.converted(let converted)):
            if seen.contains(.account(converted.accountID)) { add(PartyKey(ownStream: event.stream.text)) }
        case .contact(.linked(let link)):
            if link.targetType == "account", seen.contains(.account(link.targetID)) { add(.contact(link.contactID)) }
        default: break
        }
    }
}

extension PartyKey {
    /// The streams that are the party's by their names: its own, and what somebody unidentified did, whose events need
    /// not name a party.
    fileprivate var streams: [String] { kind == .anonymous ? [name, "behavior-" + name] : [name] }

    /// The index term of events that name the party.
    fileprivate var term: String {
        switch kind {
        case .account: "account:" + id
        case .contact: "contact:" + id
        case .lead: "lead:" + id
        case .anonymous: "party:" + id
        }
    }
}

extension HistoryReader {
    /// Reads what hangs on the streams of some events, and what hangs on that: streams that say in their first event
    /// what they are about, such as the promises on a ticket, the plan of an order, an approval of a quote or a task
    /// about that approval; what others paid on invoices; and the rules and costs that answers join.
    fileprivate mutating func follow(_ events: [CRMEvent]) throws(ViewError) {
        var seen: Set<String> = []
        var next = events
        while true {
            var names: Set<String> = []
            var terms: Set<String> = []
            for event in next {
                if event.revision == .first, event.ownParty == nil, seen.insert(event.stream.text).inserted {
                    terms.insert(Self.term(ofStream: event.stream.text))
                }
                switch event.body {
                case .opportunity(.opened(let deal)): names.insert("rule-" + deal.pipelineID)
                case .opportunity(.stageChanged(let change)):
                    if let pipeline = change.toPipelineID { names.insert("rule-" + pipeline) }
                case .order(.placed(let order)): for line in order.lines { names.insert("product-" + line.productID) }
                case .invoice(.issued(let invoice)): terms.insert("invoice:" + invoice.invoiceID)
                default: break
                }
            }
            if terms.isEmpty && names.isEmpty { return }
            // Nearly everything that names these streams is there already, so no type is asked for: that costs more.
            let others = try self.events(of: names, matching: terms.map { .init(terms: [$0]) })
            let hanging = others.filter { Self.hangingTypes.contains($0.type) }
            _ = try self.events(of: Set(hanging.map(\.stream.text)).subtracting(seen))
            next = hanging
        }
    }

    /// The types whose anchor may be something else than a party (CATALOG.md section 4), and what pays an invoice.
    private static let hangingTypes: Set = [
        "approval.requested", "payment.allocated", "payment_plan.scheduled", "signal.raised", "sla.applied",
        "sla.concluded", "task.created",
    ]

    private static func term(ofStream name: String) -> String {
        guard let hyphen = name.utf8.firstIndex(of: UInt8(ascii: "-")) else { return name }
        return name[..<hyphen] + ":" + name[name.utf8.index(after: hyphen)...]
    }
}
