// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `behavior`.
public enum BehaviorEvent: Sendable {
    /// A visitor did something on a site or in an app.
    case tracked(Tracked)
    /// A product measured how much a customer used it in a period.
    case usageReported(UsageReported)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "behavior.tracked": { .behavior(.tracked(.init(view: $0))) },
        "usage.reported": { .behavior(.usageReported(.init(view: $0))) },
    ]
}

extension BehaviorEvent {
    /// `behavior.tracked`.
    ///
    /// Personal, in ``CRMEvent/personal``: `page_url`.
    public struct Tracked: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var partyID: String? { view.optionalText(2) }
        public var anonymousID: String? { view.optionalText(0) }
        public var name: String { view.text(1) }
        public var properties: JSON { view.json(3) }
        public var sessionID: String? { view.optionalText(4) }
    }
}

extension BehaviorEvent {
    /// `usage.reported`.
    public struct UsageReported: Sendable {
        let view: DataFields
        public var accountID: String { view.text(0) }
        public var metric: String { view.text(1) }
        public var quantityMilli: Int64 { view.integer(4) }
        /// Milliseconds since 1970 in UTC.
        public var periodStart: Int64 { view.integer(3) }
        /// Milliseconds since 1970 in UTC.
        public var periodEnd: Int64 { view.integer(2) }
        public var unit: String { view.text(5) }
    }
}
