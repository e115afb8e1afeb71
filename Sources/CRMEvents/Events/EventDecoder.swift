/// The types that have Swift values, each with its way from data to the value. The catalog's other types become
/// ``OtherEvent``.
enum EventDecoder: String, CaseIterable {
    case accountCreated = "account.created"
    case accountUpdated = "account.updated"
    case accountClassified = "account.classified"
    case accountOwnerAssigned = "account.owner_assigned"
    case leadCaptured = "lead.captured"
    case leadAssigned = "lead.assigned"
    case leadQualified = "lead.qualified"
    case leadDisqualified = "lead.disqualified"
    case leadConverted = "lead.converted"
    case opportunityOpened = "opportunity.opened"
    case opportunityStageChanged = "opportunity.stage_changed"
    case opportunityAmountChanged = "opportunity.amount_changed"
    case opportunityCloseDateChanged = "opportunity.close_date_changed"
    case opportunityOwnerAssigned = "opportunity.owner_assigned"
    case opportunityWon = "opportunity.won"
    case opportunityLost = "opportunity.lost"
    case opportunityReopened = "opportunity.reopened"
    case interactionRecorded = "interaction.recorded"
    case emailEngaged = "email.engaged"
    case behaviorTracked = "behavior.tracked"
    case surveyResponded = "survey.responded"
    case campaignCreated = "campaign.created"
    case orderPlaced = "order.placed"
    case orderCancelled = "order.cancelled"
    case paymentReceived = "payment.received"
    case rulePublished = "rule.published"

    /// One hash of the name instead of a comparison with each: a rebuild decodes millions of events.
    static let byType = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    func body(of data: DataReader) throws(UndecodableEvent) -> CRMEvent.Body {
        switch self {
        case .accountCreated: .account(.created(try .init(data)))
        case .accountUpdated: .account(.updated(try .init(data)))
        case .accountClassified: .account(.classified(try .init(data)))
        case .accountOwnerAssigned: .account(.ownerAssigned(try .init(data)))
        case .leadCaptured: .lead(.captured(try .init(data)))
        case .leadAssigned: .lead(.assigned(try .init(data)))
        case .leadQualified: .lead(.qualified(try .init(data)))
        case .leadDisqualified: .lead(.disqualified(try .init(data)))
        case .leadConverted: .lead(.converted(try .init(data)))
        case .opportunityOpened: .opportunity(.opened(try .init(data)))
        case .opportunityStageChanged: .opportunity(.stageChanged(try .init(data)))
        case .opportunityAmountChanged: .opportunity(.amountChanged(try .init(data)))
        case .opportunityCloseDateChanged: .opportunity(.closeDateChanged(try .init(data)))
        case .opportunityOwnerAssigned: .opportunity(.ownerAssigned(try .init(data)))
        case .opportunityWon: .opportunity(.won(try .init(data)))
        case .opportunityLost: .opportunity(.lost(try .init(data)))
        case .opportunityReopened: .opportunity(.reopened(try .init(data)))
        case .interactionRecorded: .interaction(.recorded(try .init(data)))
        case .emailEngaged: .interaction(.emailEngaged(try .init(data)))
        case .behaviorTracked: .behavior(.tracked(try .init(data)))
        case .surveyResponded: .survey(.responded(try .init(data)))
        case .campaignCreated: .campaign(.created(try .init(data)))
        case .orderPlaced: .order(.placed(try .init(data)))
        case .orderCancelled: .order(.cancelled(try .init(data)))
        case .paymentReceived: .payment(.received(try .init(data)))
        case .rulePublished: .rule(.published(try .init(data)))
        }
    }
}
