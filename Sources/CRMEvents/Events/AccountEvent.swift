// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `account`.
public enum AccountEvent: Sendable {
    /// A customer became known.
    case created(Created)
    /// A customer's record was corrected or enriched.
    case updated(Updated)
    /// A customer was put into a class, tier, grade or lifecycle phase.
    case classified(Classified)
    /// Somebody became responsible for a customer.
    case ownerAssigned(OwnerAssigned)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "account.created": { .account(.created(.init(view: $0))) },
        "account.updated": { .account(.updated(.init(view: $0))) },
        "account.classified": { .account(.classified(.init(view: $0))) },
        "account.owner_assigned": { .account(.ownerAssigned(.init(view: $0))) },
    ]
}

extension AccountEvent {
    /// `account.created`.
    ///
    /// Personal, in ``CRMEvent/personal``: `name`, `legal_name`, `unified_credit_code`, `billing_address`.
    public struct Created: Sendable {
        let view: DataFields
        public var accountID: String { view.text(0) }
        /// Absent means false.
        public var naturalPerson: Bool { view.boolean(9) }
        public var name: String? { view.optionalText(8) }
        public var legalName: String? { view.optionalText(7) }
        public var unifiedCreditCode: String? { view.optionalText(12) }
        public var domain: String? { view.optionalText(3) }
        public var industry: String? { view.optionalText(6) }
        public var employeeCount: Int64? { view.optionalInteger(4) }
        /// In minor units.
        public var annualRevenue: Int64? { view.optionalInteger(1) }
        /// ISO 4217.
        public var currency: String? { view.optionalText(2) }
        public var ownerID: String? { view.optionalText(10) }
        public var source: String? { view.optionalText(11) }
        public var externalIDs: [ExternalID] { view.objects(5, ExternalID.table).map(ExternalID.init(view:)) }

        /// What stands in `external_ids`.
        public struct ExternalID: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("account.created", "external_ids")
            public var system: String? { view.optionalText(1) }
            public var id: String? { view.optionalText(0) }
        }
    }
}

extension AccountEvent {
    /// `account.updated`.
    public struct Updated: Sendable {
        let view: DataFields
        public var changes: [FieldChange] { view.objects(0, .change).map(FieldChange.init) }
        /// `edit`, `enrich`, `cleanse`, `sync`.
        public var reason: String? { view.optionalText(1) }
    }
}

extension AccountEvent {
    /// `account.classified`.
    public struct Classified: Sendable {
        let view: DataFields
        public var scheme: String { view.text(2) }
        public var value: String { view.text(3) }
        public var previous: String? { view.optionalText(0) }
        public var ruleVersion: Int64? { view.optionalInteger(1) }
    }
}

extension AccountEvent {
    /// `account.owner_assigned`.
    public struct OwnerAssigned: Sendable {
        let view: DataFields
        public var ownerID: String { view.text(1) }
        public var previousOwnerID: String? { view.optionalText(2) }
        public var teamID: String? { view.optionalText(4) }
        /// `manual`, `rule`, `pool`, `transfer`.
        public var mode: String { view.text(0) }
        public var ruleVersion: Int64? { view.optionalInteger(3) }
    }
}
