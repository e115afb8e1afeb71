import ProjectionRuntime

/// The key of a table with one row; nothing to hash, nothing to compare.
struct OnlyRow: RowKey {
    init() {}
    func encode(to encoder: inout KeyEncoder) { encoder.text("all") }
    init(from decoder: inout KeyDecoder) throws(RowError) { _ = try decoder.text() }
}

/// The one row of totals, kept as events arrive so that the report is a point read.
struct TotalsRow: SumRow {
    /// All events, attributed or not.
    var eventCount: Int64 = 0
    /// Accounts with at least one event.
    var accountCount: Int64 = 0
    /// Leads with at least one event that are not converted; leads that are.
    var openLeadCount: Int64 = 0
    var convertedLeadCount: Int64 = 0
    /// Events of nobody: those that name no party, themselves or through their stream, and those of contacts without an
    /// account, of visitors, and the merges of all but accounts.
    var nobodys = EventTally()
    /// Events of leads that are not converted: they belong to no account yet.
    var openLeads = EventTally()

    init() {}

    /// Events per type that belong to no account.
    var unattributed: EventTally {
        var tally = nobodys
        tally.add(openLeads)
        return tally
    }

    static func += (sum: inout TotalsRow, other: TotalsRow) {
        sum.eventCount &+= other.eventCount
        sum.accountCount &+= other.accountCount
        sum.openLeadCount &+= other.openLeadCount
        sum.convertedLeadCount &+= other.convertedLeadCount
        sum.nobodys.add(other.nobodys)
        sum.openLeads.add(other.openLeads)
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(eventCount)
        encoder.integer(accountCount)
        encoder.integer(openLeadCount)
        encoder.integer(convertedLeadCount)
        nobodys.encode(to: &encoder)
        openLeads.encode(to: &encoder)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        eventCount = try decoder.integer()
        accountCount = try decoder.integer()
        openLeadCount = try decoder.integer()
        convertedLeadCount = try decoder.integer()
        nobodys = try EventTally(from: &decoder)
        openLeads = try EventTally(from: &decoder)
    }
}
