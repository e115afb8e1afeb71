/// What an event of an opportunity changes. Amounts are minor units, probabilities basis points, days are counted
/// from 1970-01-01, times are milliseconds since the epoch.
///
/// The texts are `String` where a change is made or judged, and numbers of the row's own ``Words`` where it is kept.
enum DealChange<Text: Hashable & Sendable>: Hashable, Sendable {
    case opened(
        stage: Text, pipeline: Text, owner: Text, amount: Int64? = nil, currency: Text? = nil,
        probability: Int64? = nil, closeDay: Int64? = nil)
    /// The pipeline is named by a move to another one only. The stage that was left tells whether a step is missing.
    case stageChanged(
        to: Text, from: Text? = nil, pipeline: Text? = nil, direction: StageDirection, probability: Int64? = nil)
    case amountChanged(to: Int64, currency: Text)
    /// A product of the lines that an opening or a new amount names; the first one replaces those before.
    case product(Text, isFirst: Bool)
    case closeDateChanged(from: Int64, to: Int64)
    case forecastChanged(category: Text, probability: Int64? = nil, isOverridden: Bool)
    /// The former owner is named only where the event tells it.
    case ownerAssigned(to: Text, from: Text? = nil)
    /// A win has a currency of its own, since the contract may be in another one. The time is named only where it is
    /// not that of the event.
    case won(amount: Int64, currency: Text, at: Int64? = nil, order: Text? = nil, contract: Text? = nil)
    case lost(reason: Text? = nil, competitor: Text? = nil, at: Int64? = nil)
    case reopened(stage: Text)

    /// The same change with other texts.
    func map<Other>(_ each: (Text) -> Other) -> DealChange<Other> {
        switch self {
        case .opened(let stage, let pipeline, let owner, let amount, let currency, let probability, let closeDay):
            .opened(
                stage: each(stage), pipeline: each(pipeline), owner: each(owner), amount: amount,
                currency: currency.map(each), probability: probability, closeDay: closeDay)
        case .stageChanged(let stage, let former, let pipeline, let direction, let probability):
            .stageChanged(
                to: each(stage), from: former.map(each), pipeline: pipeline.map(each), direction: direction,
                probability: probability)
        case .amountChanged(let amount, let currency): .amountChanged(to: amount, currency: each(currency))
        case .product(let product, let isFirst): .product(each(product), isFirst: isFirst)
        case .closeDateChanged(let old, let new): .closeDateChanged(from: old, to: new)
        case .forecastChanged(let category, let probability, let isOverridden):
            .forecastChanged(category: each(category), probability: probability, isOverridden: isOverridden)
        case .ownerAssigned(let owner, let former): .ownerAssigned(to: each(owner), from: former.map(each))
        case .won(let amount, let currency, let time, let order, let contract):
            .won(
                amount: amount, currency: each(currency), at: time, order: order.map(each),
                contract: contract.map(each))
        case .lost(let reason, let competitor, let time):
            .lost(reason: reason.map(each), competitor: competitor.map(each), at: time)
        case .reopened(let stage): .reopened(stage: each(stage))
        }
    }
}

/// The direction that the producer recorded. It decides only where no published ordinal can.
enum StageDirection: Int64, Hashable, Sendable {
    case forward, backward, lateral, pipelineMove

    /// Reads the catalog's word; what it doesn't know counts as lateral, which claims the least.
    init(recorded word: String) {
        switch word {
        case "forward": self = .forward
        case "backward": self = .backward
        case "pipeline_move": self = .pipelineMove
        default: self = .lateral
        }
    }
}
