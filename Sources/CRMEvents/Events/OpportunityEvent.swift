// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `opportunity`.
public enum OpportunityEvent: Sendable {
    /// A deal came into sight.
    case opened(Opened)
    /// A deal moved to another stage.
    case stageChanged(StageChanged)
    /// A deal is worth more or less than before.
    case amountChanged(AmountChanged)
    /// A deal is expected to close earlier or later.
    case closeDateChanged(CloseDateChanged)
    /// A deal counts in another category of the forecast.
    case forecastChanged(ForecastChanged)
    /// Somebody became responsible for a deal.
    case ownerAssigned(OwnerAssigned)
    /// The customer said yes.
    case won(Won)
    /// The customer said no, or nothing.
    case lost(Lost)
    /// A closed deal came back.
    case reopened(Reopened)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "opportunity.opened": { .opportunity(.opened(.init(view: $0))) },
        "opportunity.stage_changed": { .opportunity(.stageChanged(.init(view: $0))) },
        "opportunity.amount_changed": { .opportunity(.amountChanged(.init(view: $0))) },
        "opportunity.close_date_changed": { .opportunity(.closeDateChanged(.init(view: $0))) },
        "opportunity.forecast_changed": { .opportunity(.forecastChanged(.init(view: $0))) },
        "opportunity.owner_assigned": { .opportunity(.ownerAssigned(.init(view: $0))) },
        "opportunity.won": { .opportunity(.won(.init(view: $0))) },
        "opportunity.lost": { .opportunity(.lost(.init(view: $0))) },
        "opportunity.reopened": { .opportunity(.reopened(.init(view: $0))) },
    ]
}

extension OpportunityEvent {
    /// `opportunity.opened`.
    ///
    /// Personal, in ``CRMEvent/personal``: `name`.
    public struct Opened: Sendable {
        let view: DataFields
        public var opportunityID: String { view.text(8) }
        public var accountID: String { view.text(0) }
        public var name: String? { view.optionalText(7) }
        public var pipelineID: String { view.text(10) }
        public var pipelineVersion: Int64 { view.integer(11) }
        public var stageID: String { view.text(14) }
        /// In minor units.
        public var amount: Int64? { view.optionalInteger(1) }
        /// ISO 4217.
        public var currency: String? { view.optionalText(3) }
        /// In basis points: 10,000 is the whole.
        public var probability: Int64? { view.optionalInteger(12) }
        /// A civil date, `YYYY-MM-DD`.
        public var expectedCloseDate: String? { view.optionalText(4) }
        public var ownerID: String { view.text(9) }
        /// `new`, `expansion`, `renewal`.
        public var type: String? { view.optionalText(15) }
        public var source: String? { view.optionalText(13) }
        public var campaignID: String? { view.optionalText(2) }
        public var leadID: String? { view.optionalText(5) }
        public var lines: [LineItem] { view.objects(6, .line).map(LineItem.init(view:)) }
    }
}

extension OpportunityEvent {
    /// `opportunity.stage_changed`.
    public struct StageChanged: Sendable {
        let view: DataFields
        public var fromStageID: String { view.text(1) }
        public var toStageID: String { view.text(6) }
        /// `forward`, `backward`, `lateral`, `pipeline_move`.
        public var direction: String { view.text(0) }
        public var skipped: [String] { view.texts(4) }
        /// In basis points: 10,000 is the whole.
        public var probability: Int64? { view.optionalInteger(2) }
        public var reason: String? { view.optionalText(3) }
        public var toPipelineID: String? { view.optionalText(5) }
    }
}

extension OpportunityEvent {
    /// `opportunity.amount_changed`.
    public struct AmountChanged: Sendable {
        let view: DataFields
        /// In minor units.
        public var oldAmount: Int64 { view.integer(3) }
        /// In minor units.
        public var newAmount: Int64 { view.integer(2) }
        /// ISO 4217.
        public var currency: String { view.text(0) }
        public var lines: [LineItem] { view.objects(1, .line).map(LineItem.init(view:)) }
    }
}

extension OpportunityEvent {
    /// `opportunity.close_date_changed`.
    public struct CloseDateChanged: Sendable {
        let view: DataFields
        /// A civil date, `YYYY-MM-DD`.
        public var oldDate: String { view.text(1) }
        /// A civil date, `YYYY-MM-DD`.
        public var newDate: String { view.text(0) }
        public var reason: String? { view.optionalText(2) }
    }
}

extension OpportunityEvent {
    /// `opportunity.forecast_changed`.
    public struct ForecastChanged: Sendable {
        let view: DataFields
        /// `omitted`, `pipeline`, `best_case`, `most_likely`, `commit`, `closed`.
        public var category: String { view.text(0) }
        /// In basis points: 10,000 is the whole.
        public var probability: Int64? { view.optionalInteger(2) }
        /// Absent means false.
        public var overridden: Bool { view.boolean(1) }
    }
}

extension OpportunityEvent {
    /// `opportunity.owner_assigned`.
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

extension OpportunityEvent {
    /// `opportunity.won`.
    public struct Won: Sendable {
        let view: DataFields
        /// In minor units.
        public var amount: Int64 { view.integer(0) }
        /// ISO 4217.
        public var currency: String { view.text(2) }
        /// Milliseconds since 1970 in UTC.
        public var wonAt: Int64 { view.integer(4) }
        public var orderID: String? { view.optionalText(3) }
        public var contractID: String? { view.optionalText(1) }
    }
}

extension OpportunityEvent {
    /// `opportunity.lost`.
    ///
    /// Personal, in ``CRMEvent/personal``: `note`.
    public struct Lost: Sendable {
        let view: DataFields
        public var reasonCode: String { view.text(2) }
        public var competitor: String? { view.optionalText(0) }
        /// Milliseconds since 1970 in UTC.
        public var lostAt: Int64 { view.integer(1) }
        public var stageID: String { view.text(3) }
    }
}

extension OpportunityEvent {
    /// `opportunity.reopened`.
    public struct Reopened: Sendable {
        let view: DataFields
        public var toStageID: String { view.text(2) }
        public var reason: String { view.text(0) }
        /// The id of an event, or its source, one space and its id.
        public var reverses: String { view.text(1) }
    }
}
