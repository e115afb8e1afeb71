public import CRMEvents
import CanonicalJSON
import EventModel
public import ProjectionRuntime

/// Everything about one customer on one page: who it is, whose it is, what was said, sold, ordered and paid.
///
/// Rows are kept per source party, an account or a lead. A lead's rows stay where they are when it is converted, and
/// are added to its account's whenever somebody reads: a conversion writes two rows, whatever the lead's history.
///
/// Of personal fields the rows keep where they stand in the log, never what they say: whoever asks gets them opened,
/// or a mark that they are erased or sealed.
public final class Customer360: ReadModel {
    public static let name = "customer-360"
    public static let version: UInt32 = 2
    public static let handles = Set(EventGroup.allCases)

    static let partyTable = TableName<PartyKey, PartyRow>("parties")
    static let profileTable = TableName<PartyKey, ProfileRow>("profiles")
    static let timelineTable = TableName<TimelineKey, TimelineChunk>("timeline")
    static let dealTable = TableName<StreamKey, DealRow>("deals")
    static let orderTable = TableName<StreamKey, OrderRow>("orders")
    static let anchorTable = TableName<StreamKey, AnchorRow>("anchors")
    static let totalsTable = TableName<OnlyRow, TotalsRow>("totals")
    static let contactTable = TableName<String, ProfileRow>("contacts")
    static let contactLinkTable = TableName<ContactLinkKey, ContactLinkRow>("contact-links")
    static let personTable = TableName<String, PersonRow>("people")

    let parties: Table<PartyKey, PartyRow>
    let profiles: Table<PartyKey, ProfileRow>
    let timeline: Table<TimelineKey, TimelineChunk>
    /// By stream, as are orders and anchors.
    let deals: Table<StreamKey, DealRow>
    let orders: Table<StreamKey, OrderRow>
    let anchors: Table<StreamKey, AnchorRow>
    let totals: Table<OnlyRow, TotalsRow>
    /// What is public about a contact, by its id.
    let contacts: Table<String, ProfileRow>
    let contactLinks: Table<ContactLinkKey, ContactLinkRow>
    /// By the name of the person's own stream, such as `contact-17`.
    let people: Table<String, PersonRow>

    public init(tables: TableSet) {
        parties = tables.open(Self.partyTable)
        profiles = tables.open(Self.profileTable)
        timeline = tables.open(Self.timelineTable)
        deals = tables.open(Self.dealTable)
        orders = tables.open(Self.orderTable)
        anchors = tables.open(Self.anchorTable)
        totals = tables.open(Self.totalsTable)
        contacts = tables.open(Self.contactTable)
        contactLinks = tables.open(Self.contactLinkTable)
        people = tables.open(Self.personTable)
    }

    public func apply(_ event: CRMEvent) {
        let kind = EventKind(event.body)
        know(event)
        guard let party = party(of: event) else {
            return totals.update(OnlyRow(), orInsert: TotalsRow()) { totals in
                totals.eventCount &+= 1
                totals.nobodys.add(kind, type: event.type)
            }
        }
        credit(event, kind, to: party)
        switch event.body {
        case .account(let change): describe(party, change, event)
        case .lead(let change): follow(change, event)
        default:
            break
        }
    }

    /// Counts the event with its party, puts it on the timeline and changes the figures.
    private func credit(_ event: CRMEvent, _ kind: EventKind?, to party: PartyKey) {
        let (position, time) = (event.position.index, event.time.milliseconds)
        let effect = effect(of: event, on: party)
        let bearer = effect.party ?? party
        var chunk: UInt64 = 0
        var isFirst = false
        var isOpenLead = false
        parties.update(party, orInsert: PartyRow()) { row in
            isFirst = row.eventCount == 0
            isOpenLead = party.kind == .lead && row.account == nil
            chunk = row.record(kind, type: event.type, time: time, position: position)
            if bearer == party { row.take(effect) }
        }
        if bearer != party { parties.update(bearer, orInsert: PartyRow()) { $0.take(effect) } }
        timeline.update(TimelineKey(party, chunk), orInsert: TimelineChunk()) { entries in
            entries.append(
                kind, type: event.type, channel: event.body.channel(), stream: event.stream.text, position: position,
                time: time, isPersonal: event.personal.exists)
        }
        totals.update(OnlyRow(), orInsert: TotalsRow()) { totals in
            totals.eventCount &+= 1
            if isFirst, party.kind == .account { totals.accountCount &+= 1 }
            guard isOpenLead else { return }
            if isFirst { totals.openLeadCount &+= 1 }
            totals.openLeads.add(kind, type: event.type)
        }
    }
}

extension CRMEvent.Body {
    /// How the event reached or left the customer; empty where the type has no channel.
    fileprivate borrowing func channel() -> String {
        switch self {
        case .interaction(.recorded(let interaction)): interaction.channel
        case .interaction(.emailEngaged): "email"
        case .lead(.captured(let capture)): capture.channel
        case .order(.placed(let order)): order.channel ?? ""
        default: ""
        }
    }
}
