public import CRMEvents
import CanonicalJSON
import EventModel

/// What of each event is a fact.
extension ChurnSignals {
    public func apply(_ event: CRMEvent) {
        switch event.body {
        case .account(.created(let account)): if let owner = account.ownerID { note(.owned(by: Ref(owner)), event) }
        case .account(.ownerAssigned(let change)): note(.owned(by: Ref(change.ownerID)), event)
        case .lead(.converted(let conversion)):
            if let lead = PartyKey(ownStream: event.stream.text) {
                tie(.account(conversion.accountID), lead, .converted, event)
            }
        case .opportunity(let change): apply(change, event)
        case .interaction(.recorded(let interaction)): apply(interaction, event)
        case .interaction(.emailEngaged(let mail)): apply(mail, event)
        case .behavior(.tracked): note(.touched, event)
        case .order(.placed(let order)):
            anchor(event)
            let money = Money(currency: CurrencyCode(order.currency), amount: order.total)
            note(.ordered(Ref(event.stream.id), money), event)
        case .order(.cancelled(let cancellation)):
            if cancellation.lines.isEmpty { note(.orderCancelled(Ref(event.stream.id)), event) }
        case .payment(.received(let payment)):
            anchor(event)
            if let day = CivilDay(payment.valueDate) {
                note(.paid(Ref(event.stream.id), valueDay: Int32(clamping: day.daysSinceEpoch)), event)
            }
        case .survey(.responded(let answer)):
            note(
                .answered(
                    Fact.Survey(answer.kind), Ref(answer.surveyID), party: Ref(answer.partyID),
                    score: Int32(clamping: answer.score), scaleMax: Int32(clamping: answer.scaleMax)), event)
        case .rule(.published(let rule)): if rule.kind == "churn" { publish(rule, event) }
        case .other(let other): apply(other.data, event)
        case .account, .lead, .campaign, .unrecognised: break
        }
    }

    private func apply(_ change: OpportunityEvent, _ event: CRMEvent) {
        switch change {
        case .opened: anchor(event)
        case .lost(let loss):
            let isToCompetitor = loss.competitor != nil || loss.reasonCode == "competitor"
            note(.dealLost(Ref(event.stream.id), toCompetitor: isToCompetitor), event)
        case .reopened: note(.dealReopened(Ref(event.stream.id)), event)
        default: break
        }
    }

    /// An interaction that the customer began is a touch; one in which the customer took part is two-way.
    private func apply(_ interaction: InteractionEvent.Recorded, _ event: CRMEvent) {
        guard interaction.direction != "internal" else { return }
        let isInbound = interaction.direction == "in"
        if isInbound { note(.touched, event) }
        switch interaction.outcome {
        case "connected", "held", "positive", "negative", "neutral": note(.spoke, event)
        case "no_answer", "cancelled", "no_show": break
        default: if isInbound { note(.spoke, event) }
        }
    }

    private func apply(_ mail: InteractionEvent.EmailEngaged, _ event: CRMEvent) {
        switch mail.kind {
        case "opened", "clicked": if !mail.botSuspected { note(.touched, event) }
        case "replied":
            note(.touched, event)
            note(.spoke, event)
        case "hard_bounced": note(.bounced, event)
        default: break
        }
    }
}

extension Fact.Survey {
    init(_ word: String) {
        switch word {
        case "csat": self = .csat
        case "nps": self = .nps
        case "ces": self = .ces
        default: self = .custom
        }
    }
}
