import CanonicalJSON

/// How many deals of a set were opened, won and lost, for how much and how fast.
struct DealCounts {
    private(set) var opened = 0
    private(set) var won = 0
    private(set) var lost = 0
    private(set) var open = 0
    private(set) var ledger = CloseLedger()
    private(set) var outOfOrder = 0
    private var qualified = 0
    private var cohortWon = 0
    private var wonAmounts = Amounts()
    private var openAmounts = Amounts()
    private var wonCycles: [Int64] = []
    private var lostCycles: [Int64] = []
    private var grossCycles: [Int64] = []
    private var openAges: [Int64] = []

    /// Counts what a deal did in the period, with everything that is known of it where the period is all of time: the
    /// cohort and the snapshot view.
    ///
    /// A closed deal counts by its latest close, so the periods of a year never count it twice; an open one by the
    /// beginning of its present stay.
    mutating func add(_ deal: DealHistory, in period: Period = .all, at now: Int64) {
        if period.contains(deal.openedAt) {
            opened += 1
            if deal.state == .won { cohortWon += 1 }
        }
        if deal.isOutOfOrder { outOfOrder += 1 }
        ledger.add(deal, in: period)
        if deal.state == .open {
            guard period.contains(deal.stays.last?.enter ?? deal.openedAt) else { return }
            open += 1
            openAges.append(elapsed(from: deal.openedAt, to: now))
            if let amount = deal.amount { openAmounts.add(amount, in: deal.currency) }
        } else if let close = deal.closes.last, period.contains(close.time) {
            count(close)
        }
    }

    /// Counts an open deal that may still be won, for the velocity: also one that rests.
    mutating func qualify() { qualified += 1 }

    private mutating func count(_ close: DealClose) {
        switch close.outcome {
        case .won(let amount, let currency):
            won += 1
            wonAmounts.add(amount, in: currency)
            wonCycles.append(close.cycle)
            grossCycles.append(close.gross)
        case .lost:
            lost += 1
            lostCycles.append(close.cycle)
        }
    }

    /// The counts. `won_amount` is `null` where several currencies would have to be added up.
    var json: JSON.Members {
        [
            "opened": .from(opened), "won": .from(won), "lost": .from(lost), "open": .from(open),
            "wins": .from(ledger.wins), "losses": .from(ledger.losses), "reopenings": .from(ledger.reopenings),
            "won_amount": .from(wonAmounts.single), "win_rate": Figures.rate(won, of: won + lost),
        ]
    }

    /// Amounts by currency, sales cycles, the closes as a ledger, and the number of deals with steps out of order.
    var detailJSON: JSON.Members {
        [
            "amounts": ["won": wonAmounts.json, "open": openAmounts.json],
            "cycle": [
                "won": Figures.quantiles(of: wonCycles), "lost": Figures.quantiles(of: lostCycles),
                "closed": Figures.quantiles(of: wonCycles + lostCycles),
                "won_gross": Figures.quantiles(of: grossCycles),
            ],
            "ledger": ledger.json, "cohort_win_rate": Figures.rate(cohortWon, of: opened),
            "open_age": Figures.quantiles(of: openAges), "velocity": velocityJSON, "out_of_order": .from(outOfOrder),
        ]
    }

    /// Velocity with its factors. `per_day` is `null` where several currencies would have to be mixed.
    private var velocityJSON: JSON {
        let average = won == 0 ? nil : wonAmounts.single.map { Figures.rounded(Int128($0), over: Int128(won)) }
        let cycle = Figures.mean(of: wonCycles)
        let perDay = Figures.velocity(
            open: qualified, averageWon: average, won: won, closed: won + lost, cycle: cycle)
        return [
            "open_qualified": .from(qualified), "average_won": .from(average),
            "win_rate": Figures.rate(won, of: won + lost), "cycle_ms": .from(cycle), "per_day": .from(perDay),
        ]
    }
}

/// Closes and reopenings as entries of a ledger: a win counts +1 at its time, −1 at the reopening, +1 at the next.
///
/// A period keeps what was entered in it, so its sums never change by what happens later; only events that arrive
/// late can restate them.
struct CloseLedger: Equatable {
    private(set) var wins = 0
    private(set) var losses = 0
    private(set) var reopenings = 0
    private(set) var winsTakenBack = 0
    private(set) var lossesTakenBack = 0

    mutating func add(_ deal: DealHistory, in period: Period) {
        for close in deal.closes where period.contains(close.time) {
            if close.outcome.isWin { wins += 1 } else { losses += 1 }
        }
        for reopening in deal.reopenings where period.contains(reopening.time) {
            reopenings += 1
            switch reopening.tookBackWin {
            case true?: winsTakenBack += 1
            case false?: lossesTakenBack += 1
            case nil: break
            }
        }
    }

    /// Wins and losses less what was taken back: of all time, the deals that are won and lost now.
    var netWins: Int { wins - winsTakenBack }
    var netLosses: Int { losses - lossesTakenBack }

    var json: JSON {
        [
            "wins": .from(wins), "wins_taken_back": .from(winsTakenBack), "net_wins": .from(netWins),
            "losses": .from(losses), "losses_taken_back": .from(lossesTakenBack), "net_losses": .from(netLosses),
        ]
    }
}
