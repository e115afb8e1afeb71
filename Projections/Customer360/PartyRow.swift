import EventModel
import ProjectionRuntime

/// What one source party did and what was done with it: counts, times, money. Times are milliseconds since 1970.
///
/// A row holds the events of its own party only. An account's row lists the leads that were converted into it, and
/// whoever reads adds their rows (``add(_:)``): a conversion costs two rows however long the lead's history is.
struct PartyRow: RowValue, Equatable {
    /// All events of the party.
    var eventCount: Int64 = 0
    var tally = EventTally()
    var firstTouch: Int64?
    var lastTouch: Int64?
    var lastEvent: Int64?

    /// Deals neither won nor lost, and the sum of their current amounts.
    var openDealCount: Int64 = 0
    var openPipeline = CurrencySums()
    /// Deals whose latest close is a win, and what was won.
    var wonDealCount: Int64 = 0
    var wonRevenue = CurrencySums()
    /// The latest time at which a deal entered a stage.
    var lastStageChange: Int64?
    /// Steps that a deal's lifecycle would refuse and the fold took nevertheless.
    var outOfOrderCount: Int64 = 0

    /// Orders that were placed and not wholly cancelled, and their totals.
    var orderCount: Int64 = 0
    var revenue = CurrencySums()
    var paid = CurrencySums()
    /// The last answer per kind of survey.
    var scores = LastScores()

    /// Ids of the leads that were converted into this account, ascending; empty for a lead.
    var leads: [String] = []
    /// The account that a lead was converted into.
    var account: String?

    /// First position of the newest chunk of the timeline, and how many entries it has.
    var chunkStart: UInt64 = 0
    var chunkCount: Int64 = 0

    init() {}

    /// Counts an event and says which chunk of the timeline it belongs to.
    mutating func record(_ kind: EventKind?, type: String, time: Int64, position: UInt64) -> UInt64 {
        eventCount &+= 1
        tally.add(kind, type: type)
        lastEvent = latest(lastEvent, time)
        if kind?.isTouch == true {
            firstTouch = earliest(firstTouch, time)
            lastTouch = latest(lastTouch, time)
        }
        if chunkCount == 0 || chunkCount >= TimelineChunk.entryCountMax {
            chunkStart = position
            chunkCount = 0
        }
        chunkCount += 1
        return chunkStart
    }

    /// Adds the figures of a lead that was converted into this account.
    mutating func add(_ lead: PartyRow) {
        eventCount &+= lead.eventCount
        tally.add(lead.tally)
        if let time = lead.firstTouch { firstTouch = earliest(firstTouch, time) }
        if let time = lead.lastTouch { lastTouch = latest(lastTouch, time) }
        if let time = lead.lastEvent { lastEvent = latest(lastEvent, time) }
        openDealCount &+= lead.openDealCount
        openPipeline.add(lead.openPipeline)
        wonDealCount &+= lead.wonDealCount
        wonRevenue.add(lead.wonRevenue)
        if let time = lead.lastStageChange { lastStageChange = latest(lastStageChange, time) }
        outOfOrderCount &+= lead.outOfOrderCount
        orderCount &+= lead.orderCount
        revenue.add(lead.revenue)
        paid.add(lead.paid)
        scores.add(lead.scores)
    }

    /// Puts a lead into the list, once.
    mutating func link(lead: String) {
        let index = leads.firstIndex { $0 >= lead } ?? leads.count
        if index == leads.count || leads[index] != lead { leads.insert(lead, at: index) }
    }

    /// Takes a lead out of the list.
    mutating func unlink(lead: String) { leads.removeAll { $0 == lead } }
}

private func latest(_ known: Int64?, _ time: Int64) -> Int64 { known.map { max($0, time) } ?? time }
private func earliest(_ known: Int64?, _ time: Int64) -> Int64 { known.map { min($0, time) } ?? time }

extension PartyRow {
    func encode(to encoder: inout RowEncoder) {
        encoder.integer(eventCount)
        tally.encode(to: &encoder)
        encoder.optionalInteger(firstTouch)
        encoder.optionalInteger(lastTouch)
        encoder.optionalInteger(lastEvent)
        encoder.integer(openDealCount)
        openPipeline.encode(to: &encoder)
        encoder.integer(wonDealCount)
        wonRevenue.encode(to: &encoder)
        encoder.optionalInteger(lastStageChange)
        encoder.integer(outOfOrderCount)
        encoder.integer(orderCount)
        revenue.encode(to: &encoder)
        paid.encode(to: &encoder)
        scores.encode(to: &encoder)
        encoder.list(leads) { encoder, lead in encoder.text(lead) }
        encoder.optionalText(account)
        encoder.integer(Int64(bitPattern: chunkStart))
        encoder.integer(chunkCount)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        eventCount = try decoder.integer()
        tally = try EventTally(from: &decoder)
        firstTouch = try decoder.optionalInteger()
        lastTouch = try decoder.optionalInteger()
        lastEvent = try decoder.optionalInteger()
        openDealCount = try decoder.integer()
        openPipeline = try CurrencySums(from: &decoder)
        wonDealCount = try decoder.integer()
        wonRevenue = try CurrencySums(from: &decoder)
        lastStageChange = try decoder.optionalInteger()
        outOfOrderCount = try decoder.integer()
        orderCount = try decoder.integer()
        revenue = try CurrencySums(from: &decoder)
        paid = try CurrencySums(from: &decoder)
        scores = try LastScores(from: &decoder)
        leads = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> String in try decoder.text() }
        account = try decoder.optionalText()
        chunkStart = UInt64(bitPattern: try decoder.integer())
        chunkCount = try decoder.integer()
    }
}
