import CRMEvents
import EventModel

/// When the customer reached out, and how much it uses the product.
extension ChurnSignals {
    func apply(_ change: BehaviorEvent, _ event: CRMEvent) {
        switch change {
        case .tracked: note(.touched, event)
        case .usageReported(let usage):
            // A period that begins and ends at midnight is so many days; a broken day counts as a whole one.
            let span = max(0, usage.periodEnd - usage.periodStart) + Timestamp.millisecondsPerDay - 1
            note(
                .used(
                    metric: Ref(usage.metric), milli: usage.quantityMilli,
                    startDay: Int32(clamping: Self.day(of: usage.periodStart)),
                    dayCount: Int32(clamping: max(1, span / Timestamp.millisecondsPerDay))), event)
        }
    }

    /// An interaction that the customer began is a touch; one in which the customer took part is two-way.
    func apply(_ interaction: InteractionEvent.Recorded, _ event: CRMEvent) {
        let direction = interaction.direction
        guard direction != "internal" else { return }
        let isInbound = direction == "in"
        if isInbound { note(.touched, event) }
        switch interaction.outcome {
        case "connected", "held", "positive", "negative", "neutral": note(.spoke, event)
        case "no_answer", "cancelled", "no_show": break
        default: if isInbound { note(.spoke, event) }
        }
    }

    func apply(_ mail: InteractionEvent.EmailEngaged, _ event: CRMEvent) {
        switch mail.kind {
        case "opened", "clicked": if !mail.botSuspected { note(.touched, event) }
        case "replied":
            note(.touched, event)
            note(.spoke, event)
        case "hard_bounced":
            if let contact = Self.unreached(event) { note(.bounced, event, of: contact) }
        default: break
        }
    }
}
