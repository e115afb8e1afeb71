public import CRMEvents
import CanonicalJSON
import EventModel
public import ProjectionRuntime

/// Everything about one customer on one page: who it is, whose it is, what was said, sold, ordered and paid.
///
/// Rows are kept per source party: an account, a lead, or a contact at an account. A lead's rows stay where they are
/// when it is converted, and those of a party that is merged into another one; they are added up whenever somebody
/// reads. So a conversion or a merge costs a link, whatever the histories, and taking it back restores what was there.
///
/// Of personal fields the rows keep where they stand in the log, never what they say: whoever asks gets them opened,
/// or a mark that they are erased or sealed.
public final class Customer360: ReadModel {
    public static let name = "customer-360"
    public static let version: UInt32 = 8
    public static let handles = Set(EventGroup.allCases)

    let parties: Table<PartyKey, PartyRow>
    let profiles: Table<PartyKey, ProfileRow>
    let consents: Table<PartyKey, ConsentRow>
    let lifecycles: Table<PartyKey, LifecycleRow>
    let timeline: Table<TimelineKey, TimelineChunk>
    let deals: Table<OwnedKey, DealRow>
    let orders: Table<OwnedKey, OrderRow>
    let invoices: Table<OwnedKey, InvoiceRow>
    let openInvoices: Table<OwnedKey, InvoiceRow>
    let payments: Table<OwnedKey, PaymentRow>
    let settlements: Table<SettlementKey, InvoiceRow>
    let plans: Table<OwnedKey, PlanRow>
    let contracts: Table<OwnedKey, ContractRow>
    let subscriptions: Table<OwnedKey, SubscriptionRow>
    let tickets: Table<OwnedKey, TicketRow>
    let memberships: Table<OwnedKey, LoyaltyRow>
    let merges: Table<String, MergeRow>
    let leadLinks: Table<LeadLinkKey, LeadLinkRow>
    let contactLinks: Table<ContactLinkKey, ContactLinkRow>
    let contactHomes: Table<PartyKey, ContactHomes>
    let keepers: Table<OwnedKey, KeeperRow>
    let duplicates: Table<OwnedKey, DuplicateRow>
    /// By the name of the person's own stream, such as `contact-17`.
    let people: Table<String, PersonRow>
    let pipelines: Table<PipelineKey, PipelineRow>
    let costs: Table<String, CostRow>
    /// By the name of a stream that names nobody.
    let strays: Table<String, StrayRow>
    let totals: Sums<OnlyRow, TotalsRow>

    /// The name of the stream of the event in hand, made once.
    var stream = ""

    public init(tables: TableSet) {
        parties = tables.open(Self.partyTable)
        profiles = tables.open(Self.profileTable)
        consents = tables.open(Self.consentTable)
        lifecycles = tables.open(Self.lifecycleTable)
        timeline = tables.open(Self.timelineTable)
        deals = tables.open(Self.dealTable)
        orders = tables.open(Self.orderTable)
        invoices = tables.open(Self.invoiceTable)
        openInvoices = tables.open(Self.openInvoiceTable)
        payments = tables.open(Self.paymentTable)
        settlements = tables.open(Self.settlementTable)
        plans = tables.open(Self.planTable)
        contracts = tables.open(Self.contractTable)
        subscriptions = tables.open(Self.subscriptionTable)
        tickets = tables.open(Self.ticketTable)
        memberships = tables.open(Self.membershipTable)
        merges = tables.open(Self.mergeTable)
        leadLinks = tables.open(Self.leadLinkTable)
        contactLinks = tables.open(Self.contactLinkTable)
        contactHomes = tables.open(Self.contactHomeTable)
        keepers = tables.open(Self.keeperTable)
        duplicates = tables.open(Self.duplicateTable)
        people = tables.open(Self.personTable)
        pipelines = tables.open(Self.pipelineTable)
        costs = tables.open(Self.costTable)
        strays = tables.open(Self.strayTable)
        totals = tables.openSums(Self.totalsTable)
    }

    public static func entity(of event: CRMEvent) -> EntityKey {
        let stream = { EntityKey(event.stream.text) }
        switch event.body {
        case .contact(.linked(let link)):
            if link.targetType == "account" { return EntityKey(.contact(link.contactID)) }
        case .party(.merged), .party(.unmerged): return EntityKey("merges")
        case .party(.duplicateDetected), .party(.duplicateReviewed): return stream()
        default: break
        }
        return bearer(of: event).map { EntityKey($0) } ?? stream()
    }

    public func apply(_ event: CRMEvent) {
        let kind = EventKind(event)
        stream = event.stream.text
        let party = party(of: event)
        if let party, event.personal.exists, PersonRow.types.contains(event.type) {
            people.update(party.bare.name, orInsert: PersonRow()) { $0.add(event.position.index) }
        }
        if let party, event.type == PersonRow.linkType {
            people.update(party.bare.name, orInsert: PersonRow()) { $0.addLink(event.position.index) }
        }
        know(event, party)
        guard let party else { return countNobodys(kind, event) }
        let keeper = keeper(of: event, party)
        let effect = effect(of: event, on: keeper)
        if keeper != party { parties.update(keeper, orInsert: PartyRow()) { $0.take(effect) } }
        credit(event, kind, keeper == party ? effect : .none, to: party)
    }

    /// Counts the event with its party, changes the figures and puts it on the timeline.
    private func credit(_ event: CRMEvent, _ kind: EventKind?, _ effect: PartyEffect, to party: PartyKey) {
        let (position, time) = (event.position.index, event.time.milliseconds)
        var chunk: UInt64 = 0
        var isFirst = false
        var isOpen = false
        parties.update(party, orInsert: PartyRow()) { row in
            isFirst = row.eventCount == 0
            isOpen = row.account == nil
            chunk = row.record(kind, type: event.type, time: time, position: position)
            row.take(effect)
        }
        timeline.update(TimelineKey(party, chunk), orInsert: TimelineChunk()) { entries in
            entries.append(
                kind, type: event.type, channel: event.channel, stream: stream, position: position,
                time: time, isPersonal: event.personal.exists)
        }
        count(kind, event, party, isFirst: isFirst, isOpen: isOpen)
    }
}

extension CRMEvent {
    /// How the event reached or left the customer; empty where the type has no channel.
    fileprivate var channel: String {
        switch body {
        case .interaction(.recorded(let interaction)): interaction.channel
        case .interaction(.emailEngaged): "email"
        case .lead(.captured(let capture)): capture.channel
        case .order(.placed(let order)): order.channel ?? ""
        case .ticket(.opened(let ticket)): ticket.channel
        case .privacy(.consentGranted(let consent)): consent.channel
        case .privacy(.consentWithdrawn(let consent)): consent.channel
        case .privacy(.requestReceived(let request)): request.channel
        case .survey(.sent(let survey)): survey.channel ?? ""
        case .quote(.sent(let quote)): quote.channel
        default: ""
        }
    }
}
