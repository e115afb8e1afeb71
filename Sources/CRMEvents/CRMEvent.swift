import CanonicalJSON
public import EventModel

/// A recorded event as projections see it: decoded once, with Swift names for the catalog's fields.
///
/// Decoding is lenient where history may be newer than this build: an unknown word of an enumeration stays
/// text, an unknown field is passed over, and an unknown type or schema becomes ``Body/unrecognised``. Where history is
/// older, ``Upcasters`` have lifted it: only the newest shape of a type is seen here.
public struct CRMEvent: Sendable {
    /// Its index in the log.
    public let position: Position
    /// The stream it belongs to.
    public let stream: StreamName
    /// Its index in the stream.
    public let revision: Revision
    /// When it happened.
    public let time: Timestamp
    /// When it was written.
    public let recorded: Timestamp
    /// The catalog name of the newest shape.
    public let type: String
    /// The event's own id, unique with its source.
    public let id: String
    /// The account, else the lead, that the event itself or its own stream names.
    ///
    /// Anchors and conversions widen this; that takes a history, so it is the projection's work.
    public let party: PartyReference?
    /// What it says.
    public let body: Body
    /// What it says about a person, as far as the reader may see it.
    public let personal: PersonalPart

    /// What an event says, by group.
    public enum Body: Sendable {
        case account(AccountEvent)
        case lead(LeadEvent)
        case opportunity(OpportunityEvent)
        case interaction(InteractionEvent)
        case behavior(BehaviorEvent)
        case campaign(CampaignEvent)
        case order(OrderEvent)
        case payment(PaymentEvent)
        case survey(SurveyEvent)
        case rule(RuleEvent)
        /// A type of the catalog without a Swift value of its own.
        case other(OtherEvent)
        /// A type, or a schema of a type, that this build does not know.
        case unrecognised
    }

    /// The group; `nil` for a type that this build does not know.
    public var group: EventGroup? {
        switch body {
        case .account: .account
        case .lead: .lead
        case .opportunity: .opportunity
        case .interaction: .interaction
        case .behavior: .behavior
        case .campaign: .campaign
        case .order: .order
        case .payment: .payment
        case .survey: .survey
        case .rule: .rule
        case .other(let event): event.group
        case .unrecognised: nil
        }
    }

    /// Decodes the canonical data of a recorded event, lifted to the newest shape of its type.
    ///
    /// - Throws: ``UndecodableEvent`` when the data or the personal part is no JSON object, or the data lacks a
    ///   required field.
    public init(_ event: borrowing RecordedEvent) throws(UndecodableEvent) {
        try self.init(event, catalog: .standard, upcasters: .standard)
    }

    init(_ event: borrowing RecordedEvent, catalog: Catalog, upcasters: Upcasters) throws(UndecodableEvent) {
        let newest = try NewestShape(event, catalog: catalog, upcasters: upcasters)
        let (type, data) = (newest.type, newest.data)
        body = newest.body
        personal = try PersonalPart(event)
        party = body.party(otherwise: data.node) ?? PartyReference(party: event.stream.text)
        position = event.position
        stream = event.stream
        revision = event.revision
        time = event.time
        recorded = event.recorded
        self.type = type
        id = event.content.key.id
    }
}

extension CRMEvent.Body {
    /// The party that the fields name. A type unknown to this build may follow the conventions all the same.
    fileprivate func party(otherwise data: JSONNode) -> PartyReference? {
        switch self {
        case .account(let event): event.party
        case .lead(let event): event.party
        case .opportunity(let event): event.party
        case .interaction(let event): event.party
        case .behavior(let event): event.party
        case .order(let event): event.party
        case .payment(let event): event.party
        case .survey(let event): event.party
        case .campaign, .rule: nil
        case .other, .unrecognised: PartyReference(namedIn: data)
        }
    }
}

extension PartyReference {
    /// The account, else the lead, that any event's fields name: `account_id`, `party_id`, `party_ids`, or
    /// `target_type` account with `target_id`.
    init?(namedIn data: JSONNode) {
        if let account = data["account_id"]?.text {
            self = .account(account)
            return
        }
        var parties = data["party_ids"]?.elements.compactMap(\.text) ?? []
        if let party = data["party_id"]?.text { parties.insert(party, at: 0) }
        if data["target_type"]?.hasText("account") == true, let target = data["target_id"]?.text {
            parties.insert("account-\(target)", at: 0)
        }
        self.init(firstOf: parties)
    }
}
