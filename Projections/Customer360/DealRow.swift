import CRMEvents
import ProjectionRuntime

/// One opportunity as its party's figures need it. Money is in minor units, times are milliseconds since 1970.
///
/// The fold is total: a step that the lifecycle would refuse is taken and counted in ``outOfOrderCount``. A deal whose
/// opening was left out, as an `ASOF` read may do, begins open and without an amount with whatever event comes first.
struct DealRow: RowValue, Equatable {
    enum State: UInt8, Sendable { case unseen, open, won, lost }

    var state = State.unseen
    /// The current amount while open; after a close the one just before it, which a reopening brings back.
    var amount: Int64 = 0
    var place = OpenDeals.Place()
    var wonAmount: Int64 = 0
    var wonCurrency = CurrencySums.noCurrency
    /// A deal is opened once: who says so again changes nothing.
    private var isOpened = false
    /// When the deal entered its stage.
    var stageTime: Int64?
    var outOfOrderCount: Int64 = 0
    /// The chance of a win that somebody named by hand, while it holds, and the one named with the entry into the
    /// stage; in basis points.
    private var override: Int64?
    private var stageProbability: Int64?
    /// The time of the newest step.
    private var latest = Int64.min

    init() {}

    /// Takes one step of the lifecycle: open, won and lost, back to open by a reopening.
    mutating func take(_ event: OpportunityEvent, at time: Int64) {
        let before = outOfOrderCount
        // However many things are wrong with it, it is one step.
        defer { outOfOrderCount = min(outOfOrderCount, before &+ 1) }
        expect(time >= latest)
        latest = time
        if case .opened(let opened) = event {
            if state != .unseen { outOfOrderCount &+= 1 }
            guard !isOpened else { return }
            isOpened = true
            amount = opened.amount ?? 0
            place.currency = opened.currency ?? CurrencySums.noCurrency
            place.pipeline = opened.pipelineID
            place.version = opened.pipelineVersion
            // An opening that is told after the close opens nothing.
            guard state == .unseen || state == .open else { return }
            state = .open
            return enter(opened.stageID, opened.probability, at: time)
        }
        if state == .unseen {
            outOfOrderCount &+= 1
            state = .open
        }
        switch event {
        case .stageChanged(let change):
            expect(state == .open)
            state = .open
            if let pipeline = change.toPipelineID, pipeline != place.pipeline {
                place.pipeline = pipeline
                place.version = 0
            }
            enter(change.toStageID, change.probability, at: time)
        case .amountChanged(let change):
            expect(state == .open)
            amount = change.newAmount
            place.currency = change.currency
        case .won(let win):
            expect(state == .open)
            state = .won
            wonAmount = win.amount
            wonCurrency = win.currency
        case .lost:
            expect(state == .open)
            state = .lost
        case .reopened(let reopening):
            expect(state != .open)
            state = .open
            enter(reopening.toStageID, nil, at: time)
        case .forecastChanged(let forecast):
            override = forecast.overridden ? forecast.probability ?? override : nil
            place.probability = override ?? stageProbability ?? -1
        default: break
        }
    }

    /// A probability that is named with a stage holds until the deal enters another one, unless somebody knows better.
    private mutating func enter(_ stage: String, _ probability: Int64?, at time: Int64) {
        place.stage = stage
        stageProbability = probability
        place.probability = override ?? stageProbability ?? -1
        stageTime = time
    }

    private mutating func expect(_ isLegal: Bool) {
        if !isLegal { outOfOrderCount &+= 1 }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(Int64(state.rawValue))
        encoder.integer(amount)
        place.encode(to: &encoder)
        encoder.integer(wonAmount)
        encoder.text(wonCurrency)
        encoder.boolean(isOpened)
        encoder.optionalInteger(stageTime)
        encoder.integer(outOfOrderCount)
        encoder.optionalInteger(override)
        encoder.optionalInteger(stageProbability)
        encoder.integer(latest)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        guard let code = UInt8(exactly: try decoder.integer()), let state = State(rawValue: code) else {
            throw damagedRow()
        }
        self.state = state
        amount = try decoder.integer()
        place = try OpenDeals.Place(from: &decoder)
        wonAmount = try decoder.integer()
        wonCurrency = try decoder.text()
        isOpened = try decoder.boolean()
        stageTime = try decoder.optionalInteger()
        outOfOrderCount = try decoder.integer()
        override = try decoder.optionalInteger()
        stageProbability = try decoder.optionalInteger()
        latest = try decoder.integer()
    }
}
