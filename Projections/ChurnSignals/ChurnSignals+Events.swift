public import CRMEvents
import EventModel

/// What of each event is a fact.
extension ChurnSignals {
    public func apply(_ event: CRMEvent) {
        switch event.body {
        case .account(let change): apply(change, event)
        case .contact(let change): apply(change, event)
        case .party(let change): apply(change, event)
        case .behavior(let change): apply(change, event)
        case .privacy(.consentWithdrawn): note(.consentWithdrawn, event)
        case .lead(.converted(let conversion)):
            if let lead = PartyKey(ownStream: event.stream.text) {
                tie(.account(conversion.accountID), lead, .converted, event)
            }
        case .opportunity(let change): apply(change, event)
        case .interaction(.recorded(let interaction)): apply(interaction, event)
        case .interaction(.emailEngaged(let mail)): apply(mail, event)
        case .contract(let change): apply(change, event)
        case .order(let change): apply(change, event)
        case .invoice(let change): apply(change, event)
        case .payment(let change): apply(change, event)
        case .subscription(let change): apply(change, event)
        case .ticket(let change): apply(change, event)
        case .survey(let change): apply(change, event)
        case .rule(.published(let rule)): if rule.kind == "churn" { publish(rule, event) }
        case .insight(.predictionRecorded(let prediction)): record(prediction, event)
        case .privacy, .lead, .insight: break
        case .pool, .task, .campaign, .marketing, .product, .quote, .knowledge, .loyalty, .partner, .goal, .approval,
            .workflow, .organisation, .operations, .system, .other, .unrecognised:
            break
        }
    }

    private func apply(_ change: AccountEvent, _ event: CRMEvent) {
        switch change {
        case .created(let account): if let owner = account.ownerID { note(.owned(by: Ref(owner)), event) }
        case .ownerAssigned(let change): note(.owned(by: Ref(change.ownerID)), event)
        case .updated, .classified: break
        }
    }

    private func apply(_ change: ContactEvent, _ event: CRMEvent) {
        guard case .linked(let link) = change, link.targetType == "account" else { return }
        let decides = link.role == "decision_maker"
        let kind: TieRow.Kind =
            link.active
            ? decides ? .linkedAsDecisionMaker : .linked : decides ? .unlinkedAsDecisionMaker : .unlinked
        tie(.account(link.targetID), PartyKey(.contact, link.contactID), kind, event)
    }

    private func apply(_ change: PartyEvent, _ event: CRMEvent) {
        switch change {
        case .merged(let merge): tie(merge.survivingID, merge.mergedIDs, .merged, event)
        case .unmerged(let split): tie(split.survivingID, split.restoredIDs, .restored, event)
        case .tagChanged, .identityLinked, .duplicateDetected, .duplicateReviewed: break
        }
    }

    private func tie(_ survivor: String, _ others: [String], _ kind: TieRow.Kind, _ event: CRMEvent) {
        guard let survivor = PartyKey(ownStream: survivor) else { return }
        for other in others.compactMap(PartyKey.init(ownStream:)) where other != survivor {
            tie(survivor, other, kind, event)
        }
    }

    private func apply(_ change: OpportunityEvent, _ event: CRMEvent) {
        switch change {
        case .lost(let loss):
            let isToCompetitor = loss.competitor != nil || loss.reasonCode == "competitor"
            note(.dealLost(Ref(event.stream.id), toCompetitor: isToCompetitor), event)
        case .reopened: note(.dealReopened(Ref(event.stream.id)), event)
        case .opened, .stageChanged, .amountChanged, .closeDateChanged, .forecastChanged, .ownerAssigned, .won: break
        }
    }

    private func apply(_ change: TicketEvent, _ event: CRMEvent) {
        switch change {
        case .opened(let ticket):
            note(.ticketOpened(Ref(event.stream.id), isComplaint: ticket.kind == "complaint"), event)
        case .classified(let change):
            guard let kind = change.kind else { return }
            note(.ticketClassified(Ref(event.stream.id), isComplaint: kind == "complaint"), event)
        case .slaConcluded(let promise):
            switch promise.outcome {
            case "fulfilled": note(.promiseEnded(isBroken: false), event)
            case "breached": note(.promiseEnded(isBroken: true), event)
            default: break
            }
        case .assigned, .responded, .statusChanged, .escalated, .resolved, .reopened, .slaApplied: break
        }
    }

    private func apply(_ change: SurveyEvent, _ event: CRMEvent) {
        switch change {
        case .sent(let survey):
            note(.asked(Fact.Survey(survey.kind), Ref(survey.surveyID), party: Ref(survey.partyID)), event)
        case .responded(let answer):
            note(
                .answered(
                    Fact.Survey(answer.kind), Ref(answer.surveyID), party: Ref(answer.partyID),
                    score: Int32(clamping: answer.score), scaleMax: Int32(clamping: answer.scaleMax)), event)
        case .feedbackReceived: break
        }
    }
}

extension Fact.Survey {
    fileprivate init(_ word: String) {
        switch word {
        case "csat": self = .csat
        case "nps": self = .nps
        case "ces": self = .ces
        default: self = .custom
        }
    }
}
