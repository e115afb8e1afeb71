import EventModel
import ProjectionRuntime

/// What one source party did and what was done with it: counts, times, money. Times are milliseconds since 1970.
///
/// A row holds the events of its own party only; whoever reads adds the rows of all parties that are one customer
/// (``add(_:)``): a conversion or a merge costs no more than its link, however long the histories are.
struct PartyRow: RowValue, Equatable {
    /// All events of the party.
    var eventCount: Int64 = 0
    var tally = EventTally()
    var firstTouch = TouchMark?.none
    var lastTouch = TouchMark?.none
    var lastEvent: Int64?
    /// What the customer did of its own accord.
    var engagement = RecentCounts()
    var openDeals = OpenDeals()
    /// Deals whose latest close is a win, and what was won.
    var wonDealCount: Int64 = 0
    var wonRevenue = CurrencySums()
    /// The latest time at which a deal entered a stage.
    var lastStageChange: Int64?
    /// Steps that a deal's lifecycle would refuse and the fold took nevertheless.
    var outOfOrderCount: Int64 = 0
    var orders = OrderFigures()
    /// The first time at which an order was placed, cancelled since or not.
    var firstOrder: Int64?
    var paid = CurrencySums()
    /// Money that came in and is neither allocated nor paid back; and the part of it that came in advance.
    var unapplied = CurrencySums()
    var unappliedPrepayment = CurrencySums()
    var openTicketCount: Int64 = 0
    var complaints = RecentCounts()
    var breaches = RecentCounts()
    /// The last answer per kind of survey.
    var scores = LastScores()
    /// The account that a lead was converted into.
    var account: String?
    /// First position of the newest chunk of the timeline, and how many entries it has.
    var chunkStart: UInt64 = 0
    var chunkCount: Int64 = 0

    /// Days that a question about engagement, or about complaints and breaches, looks back.
    static let engagementWindow: Int32 = 30
    static let serviceWindow: Int32 = 90

    init() {}

    /// Counts an event and says which chunk of the timeline it belongs to.
    mutating func record(_ kind: EventKind?, type: String, time: Int64, position: UInt64) -> UInt64 {
        eventCount &+= 1
        tally.add(kind, type: type)
        lastEvent = latest(lastEvent, time)
        if kind?.isTouch == true { touch(TouchMark(time: time, position: position)) }
        if chunkCount == 0 || chunkCount >= TimelineChunk.entryCountMax {
            chunkStart = position
            chunkCount = 0
        }
        chunkCount += 1
        return chunkStart
    }

    private mutating func touch(_ mark: TouchMark) {
        if firstTouch.map({ mark < $0 }) ?? true { firstTouch = mark }
        if lastTouch.map({ $0 < mark }) ?? true { lastTouch = mark }
    }

    /// Adds the figures of another party that is the same customer.
    mutating func add(_ other: PartyRow) {
        eventCount &+= other.eventCount
        tally.add(other.tally)
        if let mark = other.firstTouch { touch(mark) }
        if let mark = other.lastTouch { touch(mark) }
        if let time = other.lastEvent { lastEvent = latest(lastEvent, time) }
        engagement.add(other.engagement, window: Self.engagementWindow)
        openDeals.add(other.openDeals)
        wonDealCount &+= other.wonDealCount
        wonRevenue.add(other.wonRevenue)
        if let time = other.lastStageChange { lastStageChange = latest(lastStageChange, time) }
        outOfOrderCount &+= other.outOfOrderCount
        orders.add(other.orders)
        if let time = other.firstOrder { firstOrder = earliest(firstOrder, time) }
        paid.add(other.paid)
        unapplied.add(other.unapplied)
        unappliedPrepayment.add(other.unappliedPrepayment)
        openTicketCount &+= other.openTicketCount
        complaints.add(other.complaints, window: Self.serviceWindow)
        breaches.add(other.breaches, window: Self.serviceWindow)
        scores.add(other.scores)
    }
}

/// A touch by its place on the two axes of time.
struct TouchMark: Equatable, Comparable, Sendable {
    let time: Int64
    let position: UInt64

    static func < (left: TouchMark, right: TouchMark) -> Bool {
        (left.time, left.position) < (right.time, right.position)
    }
}

func latest(_ known: Int64?, _ time: Int64) -> Int64 { known.map { max($0, time) } ?? time }
func earliest(_ known: Int64?, _ time: Int64) -> Int64 { known.map { min($0, time) } ?? time }
