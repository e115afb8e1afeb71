import CRMEvents
import CivilTime

/// What deals can be filtered and grouped by: every reference that a deal carries, and a few of its properties.
///
/// An owner is who is credited: at the close of a closed deal, now of an open one; the previous one is who owned it
/// before that. Order and contract are those of a win that stands. A deal with several products
/// stands in the group of each, so those groups add up to more than the whole.
enum Dimension: String, CaseIterable, Sendable {
    case owner, account, campaign, lead, order, contract, product, source, type, currency, pipeline, category
    case previousOwner = "previous_owner"
    case lostReason = "lost_reason"
    case competitor
    case month
    case monthOpened = "month_opened"
    case monthClosed = "month_closed"

    /// The dimensions that a question can be narrowed by, each a parameter of the same name.
    static let filters: [Dimension] = [
        .owner, .previousOwner, .account, .campaign, .lead, .product, .source, .type, .currency, .pipeline, .category,
    ]

    /// What a deal has of this dimension; `[nil]` where it has nothing.
    func values(of deal: PlacedDeal, _ zone: CivilZone, _ merges: MergeMap<String>) -> [String?] {
        let history = deal.history
        return switch self {
        case .owner: [history.credited?.owner]
        case .previousOwner: [history.credited?.former]
        case .account: [history.facts.map { merges.account($0.accountID) }]
        case .campaign: [history.facts?.campaignID]
        case .lead: [history.facts.map { fact in fact.leadID.map(merges.lead) } ?? nil]
        case .order: [history.standingClose?.order]
        case .contract: [history.standingClose?.contract]
        case .product: history.products.isEmpty ? [nil] : history.products
        case .source: [history.facts?.source]
        case .type: [history.facts?.type]
        case .currency: [history.currency]
        case .pipeline: [deal.pipeline]
        case .category: [history.forecastCategory.rawValue]
        case .lostReason: [history.lastLoss?.reason]
        case .competitor: [history.lastLoss?.competitor]
        case .month, .monthOpened: [zone.month(of: history.openedAt)]
        case .monthClosed: [history.standingClose.map { zone.month(of: $0.time) }]
        }
    }
}

/// Where a deal counts in a forecast. The categories are cumulative from the right: who commits also hopes.
enum ForecastCategory: String, CaseIterable, Sendable {
    case omitted, pipeline
    case bestCase = "best_case"
    case mostLikely = "most_likely"
    case commit, closed
}

extension DealHistory {
    /// A won deal is closed whatever was forecast, a lost one is omitted; an open one without a category is pipeline,
    /// and so is one that is called closed and is open.
    var forecastCategory: ForecastCategory {
        switch state {
        case .won: .closed
        case .lost: .omitted
        case .open:
            category.flatMap { ForecastCategory(rawValue: $0) }.flatMap { $0 == .closed ? nil : $0 } ?? .pipeline
        }
    }

    /// Why a lost deal was lost.
    fileprivate var lastLoss: (reason: String?, competitor: String?)? {
        guard state == .lost, case .lost(let reason, let competitor)? = closes.last?.outcome else { return nil }
        return (reason, competitor)
    }
}

/// A deal with its stays placed on the stages of published pipelines.
struct PlacedDeal {
    let history: DealHistory
    let stays: [PlacedStay]
    /// The pipelines of its stays, in their order.
    let pipelines: [String]

    init(_ history: DealHistory, on table: inout StageTable) {
        self.history = history
        stays = table.place(history.stays)
        pipelines = stays.map { table.entries[$0.stage].pipeline }
    }

    private init(_ whole: PlacedDeal, in pipeline: String) {
        history = whole.history
        stays = zip(whole.stays, whole.pipelines).filter { $0.1 == pipeline }.map(\.0)
        pipelines = stays.map { _ in pipeline }
    }

    /// A deal of which only the stay counts that it stands in.
    init(standing history: DealHistory, on table: inout StageTable) {
        self.history = history
        stays = table.place(history.stays.suffix(1))
        pipelines = stays.map { table.entries[$0.stage].pipeline }
    }

    /// The deal with its stays in one pipeline only.
    func part(in pipeline: String) -> PlacedDeal {
        pipelines.allSatisfy { $0 == pipeline } ? self : PlacedDeal(self, in: pipeline)
    }

    /// The pipeline that it stands in, or stood in when it was closed.
    var pipeline: String? { pipelines.last }
}
