/// What the steps of one opportunity amount to: its stays, its closes and its present state.
///
/// Invariants: at most one stay is open and it is the last; a stay that ended by a change is followed
/// by another stay; folding never fails, and what the lifecycle would refuse sets `isOutOfOrder`.
struct DealHistory: Sendable {
    let id: String
    /// What the opening says for good; `nil` where it wasn't seen.
    private(set) var facts: DealFacts?
    private(set) var state = DealState.open
    private(set) var stays: [Stay] = []
    private(set) var closes: [DealClose] = []
    private(set) var reopenings: [Reopening] = []
    /// Owners and since when, in revision order.
    private(set) var owners: [Ownership] = []
    /// The open amount in minor units; a win leaves it, so that a reopening finds it again.
    private(set) var amount: Int64?
    /// The ISO 4217 code of the open amount.
    private(set) var currency: String?
    /// The products of the lines that were named last.
    private(set) var products: [String] = []
    /// The chance of a win in basis points that somebody named by hand, while it holds.
    private var override: Int64?
    /// The one that was named with the entry into the present stage.
    private var probabilityOfStage: Int64?
    /// The category of the forecast; `nil` until one was named.
    private(set) var category: String?
    /// The day of the expected close, counted from 1970-01-01.
    private(set) var closeDay: Int64?
    private(set) var closeDateMoves: [CloseDateMove] = []
    /// When the deal was opened, or its first known step.
    private(set) var openedAt: Int64
    private(set) var isOutOfOrder: Bool
    private var hasBegun = false
    private var pipeline: String?
    private var latest: Int64
    private var closedMilliseconds: Int64 = 0

    /// Folds the steps that a question looks at; `nil` when there is none.
    init?(id: String, row: DealRow, _ cut: Cut = .none) {
        guard let first = row.steps.first(where: { cut.sees(time: $0.time, position: $0.position) }) else { return nil }
        self.init(id: id, firstTime: first.time)
        for step in row.steps where cut.sees(time: step.time, position: step.position) { take(step, of: row) }
    }

    /// A deal before its first step.
    init(id: String, firstTime: Int64) {
        self.id = id
        openedAt = firstTime
        latest = firstTime
        isOutOfOrder = true
    }

    /// The owner at the latest close of a closed deal, the present owner of an open one.
    var credited: Ownership? { state == .open ? owners.last : closes.last?.ownership }

    /// The close that stands; `nil` of an open deal.
    var standingClose: DealClose? { state == .open ? nil : closes.last }

    /// The chance of a win in basis points, as named by hand, else with the entry into the present stage.
    var probability: Int64? { override ?? probabilityOfStage }

    /// Whether the deal stands somewhere, so that its amount counts as open.
    var isOpen: Bool { state == .open && !stays.isEmpty }

    /// Takes the next step of the row.
    mutating func take(_ step: DealStep, of row: DealRow) {
        let change = row.change(of: step)
        if step.time < latest { isOutOfOrder = true }
        latest = step.time
        if case .opened = change {
            // A deal is opened once: who says so again changes nothing.
            guard facts == nil else {
                isOutOfOrder = true
                return
            }
            isOutOfOrder = hasBegun
            openedAt = step.time
            facts = row.facts
        }
        if case .product = change {} else { hasBegun = true }
        if change.isEdit, state != .open { isOutOfOrder = true }
        take(change, at: step.time)
    }

    private mutating func take(_ change: DealChange<String>, at time: Int64) {
        switch change {
        case .opened(let stage, let pipeline, let owner, let amount, let currency, let probability, let closeDay):
            self.pipeline = pipeline
            self.amount = amount ?? self.amount
            self.currency = currency ?? self.currency
            self.closeDay = closeDay ?? self.closeDay
            own(owner, nil, since: time)
            // An opening that is told after the close opens nothing.
            if state == .open { enter(stage, at: time, probability) }
        case .stageChanged(let stage, let former, let pipeline, let direction, let probability):
            if state != .open || stays.isEmpty || former.map({ $0 != stays.last?.stage }) ?? false {
                isOutOfOrder = true
            }
            state = .open
            self.pipeline = pipeline ?? (direction == .pipelineMove ? nil : self.pipeline)
            leave(.changed(direction), at: time)
            begin(stage, at: time, probability)
        case .amountChanged(let amount, let currency):
            self.amount = amount
            self.currency = currency
        case .product(let product, let isFirst):
            if isFirst { products = [] }
            if !products.contains(product) { products.append(product) }
        case .closeDateChanged(let old, let new):
            closeDateMoves.append(CloseDateMove(time: time, days: new &- (closeDay ?? old)))
            closeDay = new
        case .forecastChanged(let category, let probability, let isOverridden):
            self.category = category
            override = isOverridden ? probability ?? override : nil
        case .ownerAssigned(let owner, let former): own(owner, former, since: time)
        case .won(let amount, let currency, let wonAt, let order, let contract):
            close(.won(amount: amount, currency: currency), at: time, closedAt: wonAt ?? time, order, contract)
        case .lost(let reason, let competitor, let lostAt):
            close(.lost(reason: reason, competitor: competitor), at: time, closedAt: lostAt ?? time)
        case .reopened(let stage):
            reopen(stage, at: time)
        }
    }

    private mutating func own(_ owner: String, _ former: String?, since time: Int64) {
        let known = owners.last.flatMap { $0.owner == owner ? $0.former : $0.owner }
        owners.append(Ownership(owner: owner, since: time, former: former ?? known))
    }

    private mutating func reopen(_ stage: String, at time: Int64) {
        let last = state == .open ? nil : closes.last
        if state == .open { isOutOfOrder = true }
        if let last { closedMilliseconds = closedMilliseconds.adding(elapsed(from: last.time, to: time)) }
        state = .open
        reopenings.append(Reopening(time: time, tookBackWin: last?.outcome.isWin))
        enter(stage, at: time, nil)
    }

    /// Begins a stay. A deal that already stands in the stage stays there: nothing was changed.
    private mutating func enter(_ stage: String, at time: Int64, _ probability: Int64?) {
        if let last = stays.last, last.end == nil {
            guard last.stage != stage || last.pipeline != pipeline else { return }
            leave(.changed(.lateral), at: time)
        }
        begin(stage, at: time, probability)
    }

    private mutating func begin(_ stage: String, at time: Int64, _ probability: Int64?) {
        stays.append(Stay(stage: stage, pipeline: pipeline, enter: time))
        probabilityOfStage = probability
    }

    private mutating func leave(_ end: Stay.End, at time: Int64) {
        guard let last = stays.indices.last, stays[last].end == nil else { return }
        stays[last].end = end
        stays[last].exit = time
    }

    private mutating func close(
        _ outcome: DealClose.Outcome, at time: Int64, closedAt: Int64, _ order: String? = nil, _ contract: String? = nil
    ) {
        if state != .open || stays.isEmpty { isOutOfOrder = true }
        // Closed again without a reopening: that is one close, and what was told last holds.
        if state != .open { closes.removeLast() }
        leave(outcome.isWin ? .won : .lost, at: time)
        state = outcome.isWin ? .won : .lost
        let gross = elapsed(from: openedAt, to: closedAt)
        closes.append(
            DealClose(
                time: closedAt, outcome: outcome, ownership: owners.last, order: order, contract: contract,
                gross: gross, cycle: max(0, gross - closedMilliseconds)))
    }
}

extension DealHistory {
    /// Shows the deal after each of some steps, with the time of the step, in the order of their times.
    ///
    /// Late steps are taken at their time and judged in revision order, so the state before a moment is the one
    /// that `Cut.before` gives for it.
    static func walk(id: String, row: DealRow, _ steps: [DealStep], _ body: (Int64, DealHistory) -> Void) {
        guard let first = steps.first else { return }
        guard zip(steps, steps.dropFirst()).contains(where: { $1.time < $0.time }) else {
            var state = DealHistory(id: id, firstTime: first.time)
            for step in steps {
                state.take(step, of: row)
                body(step.time, state)
            }
            return
        }
        let order = steps.indices.sorted { (steps[$0].time, $0) < (steps[$1].time, $1) }
        for last in order.indices {
            let taken = order[...last].sorted()
            var state = DealHistory(id: id, firstTime: steps[taken[0]].time)
            for index in taken { state.take(steps[index], of: row) }
            body(steps[order[last]].time, state)
        }
    }
}

extension DealChange {
    /// Whether it changes what is said of an open deal, and neither its stage nor its state.
    fileprivate var isEdit: Bool {
        switch self {
        case .amountChanged, .closeDateChanged, .forecastChanged, .ownerAssigned: true
        case .opened, .stageChanged, .product, .won, .lost, .reopened: false
        }
    }
}
