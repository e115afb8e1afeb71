import ProjectionRuntime

extension PartyRow {
    func encode(to encoder: inout RowEncoder) {
        encoder.integer(eventCount)
        tally.encode(to: &encoder)
        encoder.mark(firstTouch)
        encoder.mark(lastTouch)
        encoder.optionalInteger(lastEvent)
        engagement.encode(to: &encoder)
        openDeals.encode(to: &encoder)
        encoder.integer(wonDealCount)
        wonRevenue.encode(to: &encoder)
        encoder.optionalInteger(lastStageChange)
        encoder.integer(outOfOrderCount)
        orders.encode(to: &encoder)
        encoder.optionalInteger(firstOrder)
        paid.encode(to: &encoder)
        unapplied.encode(to: &encoder)
        unappliedPrepayment.encode(to: &encoder)
        encoder.integer(openTicketCount)
        complaints.encode(to: &encoder)
        breaches.encode(to: &encoder)
        scores.encode(to: &encoder)
        encoder.optionalText(account)
        encoder.integer(Int64(bitPattern: chunkStart))
        encoder.integer(chunkCount)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        eventCount = try decoder.integer()
        tally = try EventTally(from: &decoder)
        firstTouch = try decoder.mark()
        lastTouch = try decoder.mark()
        lastEvent = try decoder.optionalInteger()
        engagement = try RecentCounts(from: &decoder)
        openDeals = try OpenDeals(from: &decoder)
        wonDealCount = try decoder.integer()
        wonRevenue = try CurrencySums(from: &decoder)
        lastStageChange = try decoder.optionalInteger()
        outOfOrderCount = try decoder.integer()
        orders = try OrderFigures(from: &decoder)
        firstOrder = try decoder.optionalInteger()
        paid = try CurrencySums(from: &decoder)
        unapplied = try CurrencySums(from: &decoder)
        unappliedPrepayment = try CurrencySums(from: &decoder)
        openTicketCount = try decoder.integer()
        complaints = try RecentCounts(from: &decoder)
        breaches = try RecentCounts(from: &decoder)
        scores = try LastScores(from: &decoder)
        account = try decoder.optionalText()
        chunkStart = UInt64(bitPattern: try decoder.integer())
        chunkCount = try decoder.integer()
    }
}

extension RowEncoder {
    fileprivate mutating func mark(_ mark: TouchMark?) {
        optionalInteger(mark?.time)
        if let mark { integer(Int64(bitPattern: mark.position)) }
    }
}

extension RowDecoder {
    fileprivate mutating func mark() throws(RowError) -> TouchMark? {
        guard let time = try optionalInteger() else { return nil }
        return TouchMark(time: time, position: UInt64(bitPattern: try integer()))
    }
}
