import ProjectionRuntime

/// What is counted of an account or a lead.
struct PartyRow: RowValue {
    /// Events by the columns of the answer.
    var counts = [25 of Int64](repeating: 0)
    var firstTouch: Int64?
    var lastTouch: Int64?
    var lastEvent: Int64 = 0
    var revenue: Int64 = 0
    var paid: Int64 = 0
    var score: Int64?
    var scoreTime: Int64 = -1
    /// Days with orders and their money, ascending.
    var days: [OrderDay] = []

    /// The money of one day.
    struct OrderDay {
        let day: Int64
        var money: Int64
    }

    init() {}

    mutating func count(_ column: Int, time: Int64, isTouch: Bool) {
        counts[column] += 1
        lastEvent = max(lastEvent, time)
        guard isTouch else { return }
        firstTouch = min(firstTouch ?? time, time)
        lastTouch = max(lastTouch ?? time, time)
    }

    mutating func order(_ money: Int64, day: Int64) {
        revenue += money
        guard let place = days.lastIndex(where: { $0.day <= day }) else {
            return days.insert(OrderDay(day: day, money: money), at: 0)
        }
        if days[place].day == day {
            days[place].money += money
        } else {
            days.insert(OrderDay(day: day, money: money), at: place + 1)
        }
    }

    func encode(to encoder: inout RowEncoder) {
        for column in counts.indices { encoder.integer(counts[column]) }
        encoder.optionalInteger(firstTouch)
        encoder.optionalInteger(lastTouch)
        encoder.integer(lastEvent)
        encoder.integer(revenue)
        encoder.integer(paid)
        encoder.optionalInteger(score)
        encoder.integer(scoreTime)
        encoder.list(days) { encoder, day in
            encoder.integer(day.day)
            encoder.integer(day.money)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        for column in counts.indices { counts[column] = try decoder.integer() }
        firstTouch = try decoder.optionalInteger()
        lastTouch = try decoder.optionalInteger()
        lastEvent = try decoder.integer()
        revenue = try decoder.integer()
        paid = try decoder.integer()
        score = try decoder.optionalInteger()
        scoreTime = try decoder.integer()
        days = try decoder.list { row throws(RowError) in
            OrderDay(day: try row.integer(), money: try row.integer())
        }
    }
}

/// A deal: its stays in stages, and what it is worth.
struct DealRow: RowValue {
    /// How a stay ended.
    enum Exit: Int64 {
        case none, changed, won, lost
    }

    /// A stay in a stage.
    struct Stay {
        let stage: String
        let enter: Int64
        var exit: Int64 = 0
        var how = Exit.none
    }

    var account = ""
    var amount: Int64 = 0
    var wonAmount: Int64 = 0
    /// How it ended; open again after a reopening.
    var state = Exit.none
    var reopenings: Int64 = 0
    var stays: [Stay] = []

    init() {}

    mutating func enter(_ stage: String, at time: Int64) { stays.append(Stay(stage: stage, enter: time)) }

    mutating func leave(_ how: Exit, at time: Int64) {
        guard !stays.isEmpty else { return }
        stays[stays.count - 1].exit = time
        stays[stays.count - 1].how = how
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(account)
        encoder.integer(amount)
        encoder.integer(wonAmount)
        encoder.integer(state.rawValue)
        encoder.integer(reopenings)
        encoder.list(stays) { encoder, stay in
            encoder.text(stay.stage)
            encoder.integer(stay.enter)
            encoder.integer(stay.exit)
            encoder.integer(stay.how.rawValue)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        account = try decoder.text()
        amount = try decoder.integer()
        wonAmount = try decoder.integer()
        state = Exit(rawValue: try decoder.integer()) ?? .none
        reopenings = try decoder.integer()
        stays = try decoder.list { row throws(RowError) in
            Stay(
                stage: try row.text(), enter: try row.integer(), exit: try row.integer(),
                how: Exit(rawValue: try row.integer()) ?? .none)
        }
    }
}

/// A ticket and whether it is open.
struct TicketRow: RowValue {
    let account: String
    var isOpen: Bool

    init(account: String) {
        self.account = account
        isOpen = true
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(account)
        encoder.boolean(isOpen)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        account = try decoder.text()
        isOpen = try decoder.boolean()
    }
}

/// A published pipeline: its stages with their ordinals.
struct PipelineRow: RowValue {
    var stages: [(stage: String, ordinal: Int64)]

    init(stages: [(stage: String, ordinal: Int64)]) { self.stages = stages }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(stages) { encoder, stage in
            encoder.text(stage.stage)
            encoder.integer(stage.ordinal)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        stages = try decoder.list { row throws(RowError) in (try row.text(), try row.integer()) }
    }
}

/// Counts over everything.
struct CountRow: SumRow {
    var count: Int64 = 0

    init() {}
    static func += (sum: inout CountRow, other: CountRow) { sum.count += other.count }
    func encode(to encoder: inout RowEncoder) { encoder.integer(count) }
    init(from decoder: inout RowDecoder) throws(RowError) { count = try decoder.integer() }
}
