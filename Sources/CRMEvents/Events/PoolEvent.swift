// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `pool`.
public enum PoolEvent: Sendable {
    /// An owner gave a customer or a lead back to the pool.
    case released(Released)
    /// A rule took a customer or a lead back into the pool.
    case reclaimed(Reclaimed)
    /// Somebody took a customer or a lead out of the pool.
    case claimed(Claimed)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "pool.released": { .pool(.released(.init(view: $0))) },
        "pool.reclaimed": { .pool(.reclaimed(.init(view: $0))) },
        "pool.claimed": { .pool(.claimed(.init(view: $0))) },
    ]
}

extension PoolEvent {
    /// `pool.released`.
    ///
    /// Personal, in ``CRMEvent/personal``: `note`.
    public struct Released: Sendable {
        let view: DataFields
        public var poolID: String { view.text(3) }
        /// `account`, `lead`.
        public var entityType: String { view.text(1) }
        public var entityID: String { view.text(0) }
        public var fromOwnerID: String { view.text(2) }
        public var reasonCode: String { view.text(4) }
    }
}

extension PoolEvent {
    /// `pool.reclaimed`.
    public struct Reclaimed: Sendable {
        let view: DataFields
        public var poolID: String { view.text(4) }
        /// `account`, `lead`.
        public var entityType: String { view.text(1) }
        public var entityID: String { view.text(0) }
        public var fromOwnerID: String { view.text(2) }
        /// `no_follow_up`, `no_opportunity`, `no_deal`, `protection_expired`.
        public var trigger: String { view.text(6) }
        /// In seconds.
        public var idle: Int64 { view.integer(3) }
        public var ruleVersion: Int64 { view.integer(5) }
    }
}

extension PoolEvent {
    /// `pool.claimed`.
    public struct Claimed: Sendable {
        let view: DataFields
        public var poolID: String { view.text(6) }
        /// `account`, `lead`.
        public var entityType: String { view.text(2) }
        public var entityID: String { view.text(1) }
        public var ownerID: String { view.text(5) }
        /// `claimed`, `assigned`, `removed_from_pool`.
        public var mode: String { view.text(4) }
        public var holdingsAfter: Int64 { view.integer(3) }
        public var claimsToday: Int64 { view.integer(0) }
        /// Milliseconds since 1970 in UTC.
        public var protectedUntil: Int64? { view.optionalInteger(7) }
    }
}
