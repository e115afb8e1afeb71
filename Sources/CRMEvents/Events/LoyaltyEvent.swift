// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `loyalty`.
public enum LoyaltyEvent: Sendable {
    /// A customer joined a loyalty programme.
    case enrolled(Enrolled)
    /// A member earned points, or lost them by a reversal.
    case pointsEarned(PointsEarned)
    /// A member paid with points.
    case pointsRedeemed(PointsRedeemed)
    /// A member's points ran out.
    case pointsExpired(PointsExpired)
    /// A member rose or fell to another tier.
    case tierChanged(TierChanged)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "loyalty.enrolled": { .loyalty(.enrolled(.init(view: $0))) },
        "loyalty.points_earned": { .loyalty(.pointsEarned(.init(view: $0))) },
        "loyalty.points_redeemed": { .loyalty(.pointsRedeemed(.init(view: $0))) },
        "loyalty.points_expired": { .loyalty(.pointsExpired(.init(view: $0))) },
        "loyalty.tier_changed": { .loyalty(.tierChanged(.init(view: $0))) },
    ]
}

extension LoyaltyEvent {
    /// `loyalty.enrolled`.
    public struct Enrolled: Sendable {
        let view: DataFields
        public var memberID: String { view.text(0) }
        public var programID: String { view.text(2) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(1) }
        public var tier: String? { view.optionalText(3) }
    }
}

extension LoyaltyEvent {
    /// `loyalty.points_earned`.
    public struct PointsEarned: Sendable {
        let view: DataFields
        public var entryID: String { view.text(0) }
        public var memberID: String { view.text(2) }
        public var points: Int64 { view.integer(4) }
        public var reason: String { view.text(5) }
        public var orderID: String? { view.optionalText(3) }
        /// A civil date, `YYYY-MM-DD`.
        public var expiresOn: String? { view.optionalText(1) }
        public var reversesEntryID: String? { view.optionalText(6) }
    }
}

extension LoyaltyEvent {
    /// `loyalty.points_redeemed`.
    public struct PointsRedeemed: Sendable {
        let view: DataFields
        public var entryID: String { view.text(0) }
        public var memberID: String { view.text(2) }
        public var points: Int64 { view.integer(3) }
        public var rewardID: String { view.text(4) }
        public var lots: [Lot] { view.objects(1, Lot.table).map(Lot.init(view:)) }

        /// What stands in `lots`.
        public struct Lot: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("loyalty.points_redeemed", "lots")
            public var entryID: String? { view.optionalText(0) }
            public var points: Int64? { view.optionalInteger(1) }
        }
    }
}

extension LoyaltyEvent {
    /// `loyalty.points_expired`.
    public struct PointsExpired: Sendable {
        let view: DataFields
        public var entryID: String { view.text(1) }
        public var lots: [Lot] { view.objects(2, Lot.table).map(Lot.init(view:)) }
        /// A civil date, `YYYY-MM-DD`.
        public var asOf: String { view.text(0) }

        /// What stands in `lots`.
        public struct Lot: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("loyalty.points_expired", "lots")
            public var entryID: String? { view.optionalText(0) }
            public var points: Int64? { view.optionalInteger(1) }
        }
    }
}

extension LoyaltyEvent {
    /// `loyalty.tier_changed`.
    public struct TierChanged: Sendable {
        let view: DataFields
        public var from: String { view.text(0) }
        public var to: String { view.text(3) }
        public var qualifyingPoints: Int64 { view.integer(1) }
        public var ruleVersion: Int64 { view.integer(2) }
    }
}
