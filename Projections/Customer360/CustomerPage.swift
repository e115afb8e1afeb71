import CanonicalJSON
import CivilTime
import EventModel
import ProjectionRuntime

/// One customer as a reader sees it: the rows of all parties that it is, added up.
struct CustomerPage {
    let identity: CustomerIdentity
    /// The figures of all sources together.
    let figures: PartyRow
    /// The moment that "the last 90 days" and "overdue" are measured from: what was asked for, else the greatest time
    /// of all events, as milliseconds since 1970; and its civil day in the time zone of the question.
    let moment: Int64
    let day: Int32
    let zone: CivilZone

    /// Reads the rows of every source; `nil` if there is none.
    init?(_ party: PartyKey, in zone: CivilZone = .utc, _ snapshot: ViewSnapshot) throws(ViewError) {
        guard party.kind != .contact else { return nil }
        identity = try CustomerIdentity(of: party, in: snapshot)
        var figures: PartyRow?
        for source in identity.sources {
            guard let row = try snapshot.row(Customer360.partyTable, source) else { continue }
            if figures == nil { figures = row } else { figures?.add(row) }
        }
        guard let figures else { return nil }
        self.figures = figures
        moment = (snapshot.asOf ?? snapshot.latestTime)?.milliseconds ?? 0
        day = zone.dayNumber(of: moment)
        self.zone = zone
    }

    /// The blocks of figures that need no other table than that of the parties.
    var blocks: JSON.Members {
        [
            "churn": .null, "counts": figures.tally.json, "events": .integer(figures.eventCount),
            "first_touch_ms": .from(figures.firstTouch?.time), "identity": identity.json(account: figures.account),
            "last_event_ms": .from(figures.lastEvent), "last_touch_ms": .from(figures.lastTouch?.time),
            "marketing": marketing, "scores": figures.scores.json, "service": service,
            "won": ["opportunities": .integer(figures.wonDealCount), "revenue": figures.wonRevenue.json],
        ]
    }

    /// How often something happened in the days that end with the page's own.
    private func count(_ counts: RecentCounts, _ window: Int32) -> Int64 {
        counts.count(upTo: day, in: zone, window: window)
    }

    private var service: JSON {
        [
            "complaints_90d": .integer(count(figures.complaints, PartyRow.serviceWindow)),
            "last_csat": figures.scores.json("csat"), "last_nps": figures.scores.json("nps"),
            "open_tickets": .integer(figures.openTicketCount),
            "sla_breaches_90d": .integer(count(figures.breaches, PartyRow.serviceWindow)),
        ]
    }

    private var marketing: JSON {
        func mark(_ touch: TouchMark?) -> JSON {
            touch.map { ["position": .integer(Int64(clamping: $0.position)), "time_ms": .integer($0.time)] } ?? .null
        }
        return [
            "engagement_30d": .integer(count(figures.engagement, PartyRow.engagementWindow)),
            "first_touch": mark(figures.firstTouch), "last_touch": mark(figures.lastTouch),
        ]
    }

    /// Deals that are neither won nor lost.
    func pipeline(in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        let weighted = try WeightedPipeline(figures.openDeals, in: snapshot)
        return [
            "amount": figures.openDeals.amounts.json, "last_stage_change_ms": .from(figures.lastStageChange),
            "open": .integer(figures.openDeals.count), "out_of_order": .integer(figures.outOfOrderCount),
            "rules": .array(weighted.rules.map { ["rule_id": .text($0.pipeline), "version": .integer($0.version)] }),
            "weighted_amount": weighted.sums.json, "without_probability": .integer(weighted.unweightedCount),
        ]
    }

    /// What was sold and what is owed.
    func commerce(in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        let receivables = try Receivables(of: identity.sources, on: day, in: snapshot)
        return [
            "average_order_value": figures.orders.averageOrderValue.json,
            "first_order_date": .day(figures.firstOrder.map(zone.dayNumber)),
            "margin": try Margin(of: identity.sources, figures.orders, in: zone, snapshot).json,
            "net_revenue": figures.orders.netRevenue.json, "next_instalment": receivables.nextInstalment,
            "orders": .integer(figures.orders.count), "paid": figures.paid.json, "receivables": receivables.json,
            "revenue": figures.orders.revenue.json, "unapplied": figures.unapplied.json,
            "unapplied_prepayment": figures.unappliedPrepayment.json,
        ]
    }

    /// One row of the scan, flat, for tables.
    var tableRow: JSON {
        [
            "account_id": .text(identity.survivor.id), "counts": figures.tally.json,
            "first_touch": .from(figures.firstTouch?.time), "last_touch": .from(figures.lastTouch?.time),
            "last_event": .from(figures.lastEvent),
            "open_opportunities": .integer(figures.openDeals.count), "open_pipeline": figures.openDeals.amounts.json,
            "won_opportunities": .integer(figures.wonDealCount), "won_revenue": figures.wonRevenue.json,
            "revenue": figures.orders.revenue.json, "paid": figures.paid.json,
            "last_nps": .from(figures.scores["nps"]?.value),
        ]
    }
}
