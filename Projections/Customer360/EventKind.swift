import CRMEvents

/// The types that have Swift values, as one byte each.
///
/// The numbers are stored in rows: a new type gets the next free one, and the projection a new version, since its rows
/// counted that type by name until then.
enum EventKind: UInt8, CaseIterable, Sendable {
    case accountCreated, accountUpdated, accountClassified, accountOwnerAssigned
    case leadCaptured, leadAssigned, leadQualified, leadDisqualified, leadConverted
    case opportunityOpened, opportunityStageChanged, opportunityAmountChanged, opportunityCloseDateChanged
    case opportunityOwnerAssigned, opportunityWon, opportunityLost, opportunityReopened
    case interactionRecorded, emailEngaged, behaviorTracked, campaignCreated
    case orderPlaced, orderCancelled, paymentReceived, surveyResponded, rulePublished

    /// The catalog name.
    var name: String { Self.names[Int(rawValue)] }

    /// In the order of the cases.
    private static let names = [
        "account.created", "account.updated", "account.classified", "account.owner_assigned",
        "lead.captured", "lead.assigned", "lead.qualified", "lead.disqualified", "lead.converted",
        "opportunity.opened", "opportunity.stage_changed", "opportunity.amount_changed",
        "opportunity.close_date_changed", "opportunity.owner_assigned", "opportunity.won", "opportunity.lost",
        "opportunity.reopened", "interaction.recorded", "email.engaged", "behavior.tracked", "campaign.created",
        "order.placed", "order.cancelled", "payment.received", "survey.responded", "rule.published",
    ]

    /// Whether it is a touch: the customer and the company met, in person, by mail or on a page.
    var isTouch: Bool {
        switch self {
        case .interactionRecorded, .emailEngaged, .behaviorTracked: true
        default: false
        }
    }

    /// The kind that a row calls by this number; `nil` for a number that this version never wrote.
    init?(code: UInt64) {
        guard let code = UInt8(exactly: code), let kind = EventKind(rawValue: code) else { return nil }
        self = kind
    }

    /// The kind of a decoded event; `nil` for a type without a Swift value.
    init?(_ body: borrowing CRMEvent.Body) {
        switch body {
        case .account(let event):
            guard let kind = Self.kind(event) else { return nil }
            self = kind
        case .lead(let event):
            guard let kind = Self.kind(event) else { return nil }
            self = kind
        case .opportunity(let event):
            guard let kind = Self.kind(event) else { return nil }
            self = kind
        case .interaction(.recorded): self = .interactionRecorded
        case .interaction(.emailEngaged): self = .emailEngaged
        case .behavior(.tracked): self = .behaviorTracked
        case .campaign(.created): self = .campaignCreated
        case .order(.placed): self = .orderPlaced
        case .order(.cancelled): self = .orderCancelled
        case .payment(.received): self = .paymentReceived
        case .survey(.responded): self = .surveyResponded
        case .rule(.published): self = .rulePublished
        default: return nil
        }
    }

    private static func kind(_ event: AccountEvent) -> EventKind? {
        switch event {
        case .created: .accountCreated
        case .updated: .accountUpdated
        case .classified: .accountClassified
        case .ownerAssigned: .accountOwnerAssigned
        }
    }

    private static func kind(_ event: LeadEvent) -> EventKind? {
        switch event {
        case .captured: .leadCaptured
        case .assigned: .leadAssigned
        case .qualified: .leadQualified
        case .disqualified: .leadDisqualified
        case .converted: .leadConverted
        default: nil
        }
    }

    private static func kind(_ event: OpportunityEvent) -> EventKind? {
        switch event {
        case .opened: .opportunityOpened
        case .stageChanged: .opportunityStageChanged
        case .amountChanged: .opportunityAmountChanged
        case .closeDateChanged: .opportunityCloseDateChanged
        case .ownerAssigned: .opportunityOwnerAssigned
        case .won: .opportunityWon
        case .lost: .opportunityLost
        case .reopened: .opportunityReopened
        default: nil
        }
    }
}
