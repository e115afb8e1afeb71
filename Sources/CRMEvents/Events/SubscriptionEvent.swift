// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `subscription`.
public enum SubscriptionEvent: Sendable {
    /// A customer subscribed.
    case started(Started)
    /// A subscription is worth more or less every month than before.
    case changed(Changed)
    /// A subscription became active, paused, past due, canceled or something else.
    case statusChanged(StatusChanged)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "subscription.started": { .subscription(.started(.init(view: $0))) },
        "subscription.changed": { .subscription(.changed(.init(view: $0))) },
        "subscription.status_changed": { .subscription(.statusChanged(.init(view: $0))) },
    ]
}

extension SubscriptionEvent {
    /// `subscription.started`.
    public struct Started: Sendable {
        let view: DataFields
        public var subscriptionID: String { view.text(5) }
        public var accountID: String { view.text(0) }
        public var planID: String { view.text(4) }
        /// In minor units.
        public var mrr: Int64 { view.integer(3) }
        /// ISO 4217.
        public var currency: String { view.text(1) }
        public var termMonths: Int64? { view.optionalInteger(6) }
        /// Milliseconds since 1970 in UTC.
        public var trialEnd: Int64? { view.optionalInteger(7) }
        /// Milliseconds since 1970 in UTC.
        public var currentPeriodEnd: Int64 { view.integer(2) }
    }
}

extension SubscriptionEvent {
    /// `subscription.changed`.
    public struct Changed: Sendable {
        let view: DataFields
        /// In minor units.
        public var oldMrr: Int64 { view.integer(3) }
        /// In minor units.
        public var newMrr: Int64 { view.integer(2) }
        /// `upgrade`, `downgrade`, `quantity`, `price`, `renewal`.
        public var kind: String { view.text(1) }
        /// Milliseconds since 1970 in UTC.
        public var effectiveAt: Int64 { view.integer(0) }
    }
}

extension SubscriptionEvent {
    /// `subscription.status_changed`.
    public struct StatusChanged: Sendable {
        let view: DataFields
        public var from: String { view.text(1) }
        public var to: String { view.text(3) }
        public var reason: String? { view.optionalText(2) }
        /// `voluntary`, `involuntary`.
        public var churnType: String? { view.optionalText(0) }
    }
}
