/// The groups of event types that a projection subscribes to.
///
/// Each is one case of ``CRMEvent/Body``, so a projection that ignores it says so in one word; a company's own types
/// are ``CRMEvent/Body/other(_:)``.
public enum EventGroup: String, Sendable, CaseIterable {
    case account, contact, party, behavior, privacy
    case lead, pool, opportunity, interaction, task
    case campaign, marketing, product, quote, contract
    case order, invoice, payment, subscription
    case ticket, knowledge, survey, loyalty
    case partner, goal, rule, approval, workflow
    case organisation, operations, insight, system
    /// The types that a company defined for itself (`field.defined`).
    case custom

    /// The section of the catalog that lists the group.
    public var section: CatalogSection {
        switch self {
        case .account, .contact, .party, .behavior: .party
        case .privacy: .privacy
        case .lead: .lead
        case .pool: .pool
        case .opportunity: .opportunity
        case .interaction, .task: .interaction
        case .campaign, .marketing: .marketing
        case .product, .quote: .quote
        case .contract: .contract
        case .order, .invoice, .payment: .trade
        case .subscription: .subscription
        case .ticket, .knowledge: .service
        case .survey, .loyalty: .loyalty
        case .partner, .goal, .rule, .approval, .workflow: .governance
        case .organisation, .operations, .insight, .system, .custom: .operations
        }
    }
}

/// The sections of CATALOG.md 5, in its order.
public enum CatalogSection: Int, Sendable, CaseIterable {
    case party = 1, privacy, lead, pool, opportunity, interaction, marketing, quote, contract, trade, subscription
    case service, loyalty, governance, operations

    /// The heading.
    public var title: String {
        switch self {
        case .party: "Party"
        case .privacy: "Privacy and access"
        case .lead: "Lead 线索"
        case .pool: "Customer pool 公海"
        case .opportunity: "Opportunity 商机"
        case .interaction: "Interactions and tasks 跟进"
        case .marketing: "Marketing 营销"
        case .quote: "Catalogue and quotes 产品·报价"
        case .contract: "Contract 合同"
        case .trade: "Order, invoice, payment 订单·回款"
        case .subscription: "Subscription 订阅"
        case .service: "Service 服务"
        case .loyalty: "Satisfaction and loyalty 满意度·忠诚度"
        case .governance: "Partners, goals, rules, approvals"
        case .operations: "Organisation, data operations, audit"
        }
    }

    /// The purpose of a note whose type names no other (CATALOG.md section 3).
    public var purpose: Purpose {
        switch self {
        case .party, .privacy: .identity
        case .lead, .pool, .opportunity, .interaction: .sales
        case .marketing: .marketing
        case .quote, .contract: .contract
        case .trade, .subscription: .finance
        case .service, .loyalty: .service
        case .governance, .operations: .staff
        }
    }
}
