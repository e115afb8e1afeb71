import CanonicalJSON

/// How many deals of a set were opened, won and lost, for how much and how fast.
struct DealCounts {
    private var opened = 0
    private var won = 0
    private var lost = 0
    private var open = 0
    private var wins = 0
    private var losses = 0
    private var reopenings = 0
    private var outOfOrder = 0
    private var wonAmounts = Amounts()
    private var openAmounts = Amounts()
    private var wonCycles: [Int64] = []
    private var lostCycles: [Int64] = []

    /// Counts a deal with everything that is known of it: the cohort and the snapshot view.
    mutating func add(_ deal: DealHistory) { add(deal, in: Period(from: nil, to: nil)) }

    /// Counts what a deal did in the period: the activity view. A closed deal counts by its latest close,
    /// so the periods of a year never count it twice; an open one by the beginning of its present stay.
    mutating func add(_ deal: DealHistory, in period: Period) {
        if period.contains(deal.openedAt) { opened += 1 }
        reopenings += deal.reopenings.count(where: period.contains)
        if deal.isOutOfOrder { outOfOrder += 1 }
        for close in deal.closes where period.contains(close.time) {
            if close.outcome == .lost { losses += 1 } else { wins += 1 }
        }
        if deal.state == .open {
            guard period.contains(deal.stays.last?.enter ?? deal.openedAt) else { return }
            open += 1
            if let amount = deal.amount { openAmounts.add(amount, in: deal.row.currency) }
        } else if let close = deal.closes.last, period.contains(close.time) {
            count(close)
        }
    }

    private mutating func count(_ close: DealClose) {
        switch close.outcome {
        case .won(let amount, let currency):
            won += 1
            wonAmounts.add(amount, in: currency)
            wonCycles.append(close.cycle)
        case .lost:
            lost += 1
            lostCycles.append(close.cycle)
        }
    }

    /// The counts. `won_amount` is `null` where several currencies would have to be added up.
    var json: [String: JSON] {
        [
            "opened": .from(opened), "won": .from(won), "lost": .from(lost), "open": .from(open),
            "wins": .from(wins), "losses": .from(losses), "reopenings": .from(reopenings),
            "won_amount": .from(wonAmounts.single), "win_rate": Figures.rate(won, of: won + lost),
        ]
    }

    /// Amounts by currency, sales cycles, and the number of deals with steps out of order.
    var detailJSON: [String: JSON] {
        [
            "amounts": ["won": wonAmounts.json, "open": openAmounts.json],
            "cycle": [
                "won": Figures.quantiles(of: wonCycles), "lost": Figures.quantiles(of: lostCycles),
                "closed": Figures.quantiles(of: wonCycles + lostCycles),
            ],
            "out_of_order": .from(outOfOrder),
        ]
    }
}
