/// The time that an opportunity spent in one stage without leaving it.
struct Stay: Equatable, Sendable {
    /// How a stay ends.
    enum End: Equatable, Sendable {
        /// A change of stage; the next stay of the history is where it led.
        case changed(StageDirection)
        case won
        case lost
    }

    /// The stage that was entered.
    let stage: String
    /// The deal's pipeline as recorded; `nil` when a move named none.
    let pipeline: String?
    /// When it began, in milliseconds since the epoch.
    let enter: Int64
    /// When it ended; `nil` while it lasts.
    var exit: Int64?
    /// How it ended; `nil` while it lasts.
    var end: End?

    /// Milliseconds in the stage, 0 where a late event would make it negative; `nil` while it lasts.
    var duration: Int64? { exit.map { max(0, $0 - enter) } }
}

/// One win or loss.
struct DealClose: Equatable, Sendable {
    enum Outcome: Equatable, Sendable {
        case won(amount: Int64, currency: String)
        case lost
    }

    /// When, in milliseconds since the epoch.
    let time: Int64
    let outcome: Outcome
    /// Who owned the deal then: the credit stays with this owner (READ_MODELS 7).
    let owner: String?
    /// Milliseconds from the opening, less the time that the deal was closed before a reopening.
    let cycle: Int64
}

/// Whether a deal is open, or how it was closed last.
enum DealState: String, Sendable {
    case open, won, lost
}

/// What the steps of one opportunity amount to: its stays, its closes and its present state.
///
/// Invariants: at most one stay is open and it is the last; a stay that ended by a change is followed
/// by another stay; folding never fails, and what the lifecycle would refuse sets `isOutOfOrder`.
struct DealHistory: Sendable {
    let id: String
    /// The facts of the deal, and the steps that this history was folded from.
    let row: DealRow
    private(set) var state = DealState.open
    private(set) var stays: [Stay] = []
    private(set) var closes: [DealClose] = []
    /// Times of the reopenings, in milliseconds since the epoch.
    private(set) var reopenings: [Int64] = []
    /// Owners and since when, in revision order.
    private(set) var owners: [(owner: String, since: Int64)] = []
    /// The open amount in minor units; a win leaves it, so that a reopening finds it again.
    private(set) var amount: Int64?
    /// When the deal was opened, or its first known step.
    private(set) var openedAt: Int64
    private(set) var isOutOfOrder = false
    private var pipeline: String?
    private var latest: Int64
    private var closedMilliseconds: Int64 = 0
    private var hasOpening = false

    /// Folds the steps with a time before the limit; `nil` when there is none.
    init?(id: String, row: DealRow, before limit: Int64?) {
        guard let first = row.steps.first(where: { $0.isBefore(limit) }) else { return nil }
        self.id = id
        self.row = row
        openedAt = first.time
        latest = first.time
        for step in row.steps where step.isBefore(limit) {
            if step.time < latest { isOutOfOrder = true }
            latest = step.time
            take(step)
        }
        if !hasOpening { isOutOfOrder = true }
    }

    /// The owner at the latest close of a closed deal, the present owner of an open one.
    var creditedOwner: String? {
        state == .open ? owners.last?.owner : closes.last?.owner
    }

    private mutating func take(_ step: DealStep) {
        switch step.change {
        case .opened(let stage, let pipeline, let amount, let owner):
            if hasOpening || !stays.isEmpty { isOutOfOrder = true }
            if !hasOpening { openedAt = step.time }
            hasOpening = true
            self.pipeline = pipeline
            self.amount = amount ?? self.amount
            owners.append((owner, step.time))
            enter(stage, at: step.time)
        case .stageChanged(let stage, let pipeline, let direction):
            if state != .open || stays.isEmpty { isOutOfOrder = true }
            state = .open
            self.pipeline = pipeline ?? (direction == .pipelineMove ? nil : self.pipeline)
            leave(.changed(direction), at: step.time)
            stays.append(Stay(stage: stage, pipeline: self.pipeline, enter: step.time))
        case .amountChanged(let amount):
            self.amount = amount
        case .ownerAssigned(let owner):
            owners.append((owner, step.time))
        case .won(let amount, let currency):
            close(.won(amount: amount, currency: currency), at: step.time)
        case .lost:
            close(.lost, at: step.time)
        case .reopened(let stage):
            if state == .open { isOutOfOrder = true }
            if state != .open, let last = closes.last { closedMilliseconds += max(0, step.time - last.time) }
            state = .open
            reopenings.append(step.time)
            enter(stage, at: step.time)
        }
    }

    /// Begins a stay. A deal that already stands in the stage stays there: nothing was changed.
    private mutating func enter(_ stage: String, at time: Int64) {
        if let last = stays.last, last.end == nil {
            guard last.stage != stage || last.pipeline != pipeline else { return }
            leave(.changed(.lateral), at: time)
        }
        stays.append(Stay(stage: stage, pipeline: pipeline, enter: time))
    }

    private mutating func leave(_ end: Stay.End, at time: Int64) {
        guard let last = stays.indices.last, stays[last].end == nil else { return }
        stays[last].end = end
        stays[last].exit = time
    }

    private mutating func close(_ outcome: DealClose.Outcome, at time: Int64) {
        if state != .open || stays.isEmpty { isOutOfOrder = true }
        let isWin = outcome != .lost
        leave(isWin ? .won : .lost, at: time)
        state = isWin ? .won : .lost
        let cycle = max(0, time - openedAt - closedMilliseconds)
        closes.append(DealClose(time: time, outcome: outcome, owner: owners.last?.owner, cycle: cycle))
    }
}

extension DealStep {
    /// Whether the step happened before the limit; without a limit everything did.
    func isBefore(_ limit: Int64?) -> Bool { limit.map { time < $0 } ?? true }
}
