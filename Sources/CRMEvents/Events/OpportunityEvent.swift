/// What happened to a deal.
public enum OpportunityEvent: Sendable {
    /// A deal came into sight.
    case opened(Opened)
    /// A deal moved to another stage.
    case stageChanged(StageChanged)
    /// A deal is worth more or less.
    case amountChanged(AmountChanged)
    /// A deal is expected to close on another day.
    case closeDateChanged(CloseDateChanged)
    /// Somebody became responsible.
    case ownerAssigned(OwnerAssigned)
    /// The customer said yes.
    case won(Won)
    /// The customer said no, or nothing.
    case lost(Lost)
    /// A closed deal came back.
    case reopened(Reopened)
}

extension OpportunityEvent {
    /// `opportunity.opened`.
    public struct Opened: Hashable, Sendable {
        public let opportunityID: String
        public let accountID: String
        /// Empty where it is personal, that is where the account is a natural person.
        public let name: String
        public let pipelineID: String
        public let pipelineVersion: Int64
        public let stageID: String
        /// In minor units of `currency`.
        public let amount: Int64?
        /// ISO 4217.
        public let currency: String?
        /// In basis points.
        public let probability: Int64?
        /// A civil date, `YYYY-MM-DD`.
        public let expectedCloseDate: String?
        public let ownerID: String
        /// `new`, `expansion` or `renewal`.
        public let type: String?
        public let source: String?
        public let campaignID: String?
        public let leadID: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            opportunityID = try data.text("opportunity_id")
            accountID = try data.text("account_id")
            name = try data.optionalText("name") ?? ""
            pipelineID = try data.text("pipeline_id")
            pipelineVersion = try data.integer("pipeline_version")
            stageID = try data.text("stage_id")
            amount = try data.optionalInteger("amount")
            currency = try data.optionalText("currency")
            probability = try data.optionalInteger("probability")
            expectedCloseDate = try data.optionalText("expected_close_date")
            ownerID = try data.text("owner_id")
            type = try data.optionalText("type")
            source = try data.optionalText("source")
            campaignID = try data.optionalText("campaign_id")
            leadID = try data.optionalText("lead_id")
        }
    }

    /// `opportunity.stage_changed`.
    public struct StageChanged: Hashable, Sendable {
        public let fromStageID: String
        public let toStageID: String
        /// `forward`, `backward`, `lateral` or `pipeline_move`, as the producer saw it.
        public let direction: String
        /// Named when the deal moves to another pipeline.
        public let toPipelineID: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            fromStageID = try data.text("from_stage_id")
            toStageID = try data.text("to_stage_id")
            direction = try data.text("direction")
            toPipelineID = try data.optionalText("to_pipeline_id")
        }
    }

    /// `opportunity.amount_changed`.
    public struct AmountChanged: Hashable, Sendable {
        /// In minor units.
        public let oldAmount: Int64
        /// In minor units.
        public let newAmount: Int64
        /// ISO 4217.
        public let currency: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            oldAmount = try data.integer("old_amount")
            newAmount = try data.integer("new_amount")
            currency = try data.text("currency")
        }
    }

    /// `opportunity.close_date_changed`.
    public struct CloseDateChanged: Hashable, Sendable {
        /// A civil date, `YYYY-MM-DD`.
        public let oldDate: String
        /// A civil date, `YYYY-MM-DD`.
        public let newDate: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            oldDate = try data.text("old_date")
            newDate = try data.text("new_date")
        }
    }

    /// `opportunity.owner_assigned`.
    public struct OwnerAssigned: Hashable, Sendable {
        public let ownerID: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            ownerID = try data.text("owner_id")
        }
    }

    /// `opportunity.won`.
    public struct Won: Hashable, Sendable {
        /// In minor units.
        public let amount: Int64
        /// ISO 4217.
        public let currency: String
        /// Milliseconds since 1970 in UTC.
        public let wonAt: Int64
        public let orderID: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            amount = try data.integer("amount")
            currency = try data.text("currency")
            wonAt = try data.integer("won_at")
            orderID = try data.optionalText("order_id")
        }
    }

    /// `opportunity.lost`.
    public struct Lost: Hashable, Sendable {
        public let reasonCode: String
        public let competitor: String?
        /// Milliseconds since 1970 in UTC.
        public let lostAt: Int64
        /// Where the deal stood.
        public let stageID: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            reasonCode = try data.text("reason_code")
            competitor = try data.optionalText("competitor")
            lostAt = try data.integer("lost_at")
            stageID = try data.text("stage_id")
        }
    }

    /// `opportunity.reopened`.
    public struct Reopened: Hashable, Sendable {
        public let toStageID: String
        public let reason: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            toStageID = try data.text("to_stage_id")
            reason = try data.text("reason")
        }
    }
}

extension OpportunityEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .opened(let event): .account(event.accountID)
        case .stageChanged, .amountChanged, .closeDateChanged, .ownerAssigned, .won, .lost, .reopened: nil
        }
    }
}
