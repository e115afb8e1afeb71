// Made by `rapport catalog swift` from the definitions: change those.

extension CRMEvent {
    /// What an event says, by group.
    public enum Body: Sendable {
        case account(AccountEvent)
        case contact(ContactEvent)
        case party(PartyEvent)
        case behavior(BehaviorEvent)
        case privacy(PrivacyEvent)
        case lead(LeadEvent)
        case pool(PoolEvent)
        case opportunity(OpportunityEvent)
        case interaction(InteractionEvent)
        case task(TaskEvent)
        case campaign(CampaignEvent)
        case marketing(MarketingEvent)
        case product(ProductEvent)
        case quote(QuoteEvent)
        case contract(ContractEvent)
        case order(OrderEvent)
        case invoice(InvoiceEvent)
        case payment(PaymentEvent)
        case subscription(SubscriptionEvent)
        case ticket(TicketEvent)
        case knowledge(KnowledgeEvent)
        case survey(SurveyEvent)
        case loyalty(LoyaltyEvent)
        case partner(PartnerEvent)
        case goal(GoalEvent)
        case rule(RuleEvent)
        case approval(ApprovalEvent)
        case workflow(WorkflowEvent)
        case organisation(OrganisationEvent)
        case operations(OperationsEvent)
        case insight(InsightEvent)
        case system(SystemEvent)
        /// A type that a company defined for itself.
        case other(OtherEvent)
        /// A type, or a schema of a type, that this build does not know.
        case unrecognised
    }
}

extension CRMEvent.Body {
    /// The group; `nil` for a type that this build does not know.
    public var group: EventGroup? {
        switch self {
        case .account: .account
        case .contact: .contact
        case .party: .party
        case .behavior: .behavior
        case .privacy: .privacy
        case .lead: .lead
        case .pool: .pool
        case .opportunity: .opportunity
        case .interaction: .interaction
        case .task: .task
        case .campaign: .campaign
        case .marketing: .marketing
        case .product: .product
        case .quote: .quote
        case .contract: .contract
        case .order: .order
        case .invoice: .invoice
        case .payment: .payment
        case .subscription: .subscription
        case .ticket: .ticket
        case .knowledge: .knowledge
        case .survey: .survey
        case .loyalty: .loyalty
        case .partner: .partner
        case .goal: .goal
        case .rule: .rule
        case .approval: .approval
        case .workflow: .workflow
        case .organisation: .organisation
        case .operations: .operations
        case .insight: .insight
        case .system: .system
        case .other(let event): event.group
        case .unrecognised: nil
        }
    }

    typealias Making = @Sendable (DataFields) -> CRMEvent.Body

    /// The ways to values, group by group.
    static let values: [[String: Making]] = [
        AccountEvent.values,
        ContactEvent.values,
        PartyEvent.values,
        BehaviorEvent.values,
        PrivacyEvent.values,
        LeadEvent.values,
        PoolEvent.values,
        OpportunityEvent.values,
        InteractionEvent.values,
        TaskEvent.values,
        CampaignEvent.values,
        MarketingEvent.values,
        ProductEvent.values,
        QuoteEvent.values,
        ContractEvent.values,
        OrderEvent.values,
        InvoiceEvent.values,
        PaymentEvent.values,
        SubscriptionEvent.values,
        TicketEvent.values,
        KnowledgeEvent.values,
        SurveyEvent.values,
        LoyaltyEvent.values,
        PartnerEvent.values,
        GoalEvent.values,
        RuleEvent.values,
        ApprovalEvent.values,
        WorkflowEvent.values,
        OrganisationEvent.values,
        OperationsEvent.values,
        InsightEvent.values,
        SystemEvent.values,
    ]
}
