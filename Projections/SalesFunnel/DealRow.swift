/// What the projection keeps of one opportunity: its facts, and every step it took.
///
/// The row holds steps and no conclusions. Stays, exit kinds and closes are drawn from it when a
/// report is made, so that a pipeline published after its deals still counts, and a report can stop
/// at an earlier day. Steps stand in revision order; their times may go backwards.
struct DealRow: Equatable, Sendable {
    /// The account; `nil` until the opening was seen.
    var accountID: String?
    /// `new`, `expansion` or `renewal`.
    var type: String?
    /// Where the opportunity came from, in the producer's word.
    var source: String?
    /// The ISO 4217 code of the open amount.
    var currency: String?
    /// The campaign that the opening names.
    var campaignID: String?
    /// The lead that the opening names.
    var leadID: String?
    /// What happened, in revision order.
    var steps: [DealStep] = []
}

/// One event of an opportunity that moves it.
struct DealStep: Equatable, Sendable {
    /// The event's time in milliseconds since the epoch.
    var time: Int64
    /// What it changed.
    var change: DealChange
}

/// What an event of an opportunity changes. Amounts are minor units of the row's currency.
enum DealChange: Equatable, Sendable {
    case opened(stage: String, pipeline: String, amount: Int64?, owner: String)
    /// The pipeline is named by a move to another one only.
    case stageChanged(to: String, pipeline: String?, direction: StageDirection)
    case amountChanged(to: Int64)
    case ownerAssigned(to: String)
    /// A win has a currency of its own, since the contract may be in another one.
    case won(amount: Int64, currency: String)
    case lost
    case reopened(stage: String)
}

/// The direction that the producer recorded. It decides only where no published ordinal can.
enum StageDirection: Int64, Equatable, Sendable {
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
