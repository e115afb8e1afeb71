/// One thing that happened to a customer and bears on whether it stays.
///
/// A fact keeps the position and the time of its event, so an answer can be as of any moment and as known at any
/// position: it passes over what came later. Refs join facts to each other, days count from 1970-01-01.
struct Fact: Hashable, Sendable {
    /// The position of the event.
    var position: UInt64
    /// Milliseconds since 1970 in UTC: when it happened.
    var time: Int64
    var what: What

    enum What: Hashable, Sendable {
        case ordered(Ref, Money)
        case orderCancelled(Ref)
        case orderReturned(Ref, refund: Int64)
        case invoiced(Ref, Money, dueDay: Int32)
        case invoiceAdjusted(Ref, amount: Int64)
        case paid(Ref, valueDay: Int32)
        case allocated(payment: Ref, invoice: Ref, amount: Int64)
        case ticketOpened(Ref, isComplaint: Bool)
        case ticketClassified(Ref, isComplaint: Bool)
        /// A promise on a ticket was kept or broken.
        case promiseEnded(isBroken: Bool)
        case asked(Survey, Ref, party: Ref)
        case answered(Survey, Ref, party: Ref, score: Int32, scaleMax: Int32)
        /// The customer reached out, the first time on that day.
        case touched
        /// Both sides spoke, the first time on that day.
        case spoke
        /// So much use from a day on, over so many days.
        case used(metric: Ref, milli: Int64, startDay: Int32, dayCount: Int32)
        /// The end is the greatest day for a contract without one.
        case contractDrafted(Ref, endDay: Int32, noticeDays: Int32, renewsItself: Bool)
        case contractAmended(Ref, endDay: Int32?, noticeDays: Int32?, renewsItself: Bool?)
        case contractActivated(Ref, day: Int32)
        case contractRenewed(Ref, endDay: Int32)
        case contractEnded(Ref, day: Int32)
        case subscribed(Ref)
        case subscriptionBecame(Ref, Subscription)
        case owned(by: Ref)
        /// An e-mail to the contact came back for good.
        case bounced
        case consentWithdrawn
        case dealLost(Ref, toCompetitor: Bool)
        case dealReopened(Ref)
    }

    /// What a survey asks for.
    enum Survey: Int64, Sendable { case csat, nps, ces, custom }

    /// Whether a subscription runs, as far as leaving is concerned.
    enum Subscription: Int64, Sendable { case live, paused, canceled }
}
