import CRMEvents
import ProjectionRuntime

/// One opportunity as its party's figures need it. Money is in minor units, times are milliseconds since 1970.
///
/// The fold is total: a step that the lifecycle would refuse is taken and counted in ``outOfOrderCount``. A deal whose
/// opening was left out, as an `ASOF` read may do, begins open and without an amount with whatever event comes first.
struct DealRow: RowValue, Equatable {
    enum State: UInt8, Sendable { case unseen, open, won, lost }

    /// The party at the first step; the deal stays with it.
    let party: PartyKey
    /// Whether that was the first event of the stream, so that the party is the stream's anchor too.
    let isAnchor: Bool
    var state = State.unseen
    /// The current amount while open; after a close the one just before it, which a reopening brings back.
    var amount: Int64 = 0
    var currency = CurrencySums.noCurrency
    var wonAmount: Int64 = 0
    var wonCurrency = CurrencySums.noCurrency
    var stage = ""
    /// When the deal entered the stage.
    var stageTime: Int64?
    var outOfOrderCount: Int64 = 0

    init(of party: PartyKey, isAnchor: Bool) {
        self.party = party
        self.isAnchor = isAnchor
    }

    /// Takes one step of the lifecycle: open, won and lost, back to open by a reopening.
    mutating func take(_ event: OpportunityEvent, at time: Int64) {
        if case .opened(let opened) = event {
            if state != .unseen { outOfOrderCount &+= 1 }
            state = .open
            amount = opened.amount ?? 0
            currency = opened.currency ?? CurrencySums.noCurrency
            return enter(opened.stageID, at: time)
        }
        if state == .unseen {
            outOfOrderCount &+= 1
            state = .open
        }
        switch event {
        case .stageChanged(let change):
            expect(state == .open)
            enter(change.toStageID, at: time)
        case .amountChanged(let change):
            expect(state == .open)
            amount = change.newAmount
            currency = change.currency
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
            enter(reopening.toStageID, at: time)
        default: break
        }
    }

    private mutating func enter(_ stage: String, at time: Int64) {
        self.stage = stage
        stageTime = time
    }

    private mutating func expect(_ isLegal: Bool) {
        if !isLegal { outOfOrderCount &+= 1 }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(party.name)
        encoder.boolean(isAnchor)
        encoder.integer(Int64(state.rawValue))
        encoder.integer(amount)
        encoder.text(currency)
        encoder.integer(wonAmount)
        encoder.text(wonCurrency)
        encoder.text(stage)
        encoder.optionalInteger(stageTime)
        encoder.integer(outOfOrderCount)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        party = try decoder.party()
        isAnchor = try decoder.boolean()
        guard let code = UInt8(exactly: try decoder.integer()), let state = State(rawValue: code) else {
            throw damagedRow()
        }
        self.state = state
        amount = try decoder.integer()
        currency = try decoder.text()
        wonAmount = try decoder.integer()
        wonCurrency = try decoder.text()
        stage = try decoder.text()
        stageTime = try decoder.optionalInteger()
        outOfOrderCount = try decoder.integer()
    }
}
