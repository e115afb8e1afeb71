/// What one customer's facts say as of a day: everything that needs no other customer.
struct CustomerHistory: Sendable {
    /// The as-of day, counted from 1970-01-01.
    let today: Int
    let purchases: Purchases
    let receivables: Receivables
    let commitments: Commitments
    let usage: Usage
    /// Tickets by the day on which they were opened.
    private(set) var tickets: [(opened: Evidence, isComplaint: Bool)] = []
    /// Promises on tickets that were kept or broken.
    private(set) var promises: [(ended: Evidence, isBroken: Bool)] = []
    /// The newest answer of each kind.
    private(set) var lastAnswers: [Fact.Survey: Answer] = [:]
    /// Newest day on which the customer reached out, and on which both sides spoke.
    private(set) var lastTouch: Evidence?
    private(set) var lastTalk: Evidence?
    /// Changes from one owner to another.
    let ownerChanges: [Evidence]
    private(set) var withdrawals: [Evidence] = []
    /// Deals lost to a competitor and not reopened.
    private(set) var losses: [Evidence] = []
    /// Decision makers who left.
    let departures: [Evidence]
    /// Whether the account ever had an owner.
    private(set) var isOwned = false

    /// An answer to a survey.
    struct Answer: Sendable {
        var given: Evidence
        var score: Int
        var scaleMax: Int
    }

    /// Reads facts that had happened by the day.
    init(_ known: CustomerFacts, asOf today: Int) {
        self.today = today
        purchases = Purchases(known.facts, in: known.zone)
        receivables = Receivables(known.facts, asOf: today)
        commitments = Commitments(known.facts, asOf: today, in: known.zone)
        usage = Usage(known.facts, asOf: today)
        departures = known.departures
        ownerChanges = known.ownerChanges
        var complaints: [Ref: Bool] = [:]
        var opened: [(ref: Ref, evidence: Evidence)] = []
        var openedRefs: Set<Ref> = []
        var lost: [(ref: Ref, evidence: Evidence)] = []
        for fact in known.facts {
            let evidence = Evidence(fact, in: known.zone)
            switch fact.what {
            case .ticketOpened(let ref, let isComplaint):
                // A ticket is opened once, however often that is told.
                guard openedRefs.insert(ref).inserted else { continue }
                opened.append((ref, evidence))
                complaints[ref] = complaints[ref] ?? isComplaint
            case .ticketClassified(let ref, let isComplaint): complaints[ref] = isComplaint
            case .promiseEnded(let isBroken): promises.append((evidence, isBroken))
            case .answered(let kind, _, _, let score, let scaleMax):
                lastAnswers[kind] = Answer(given: evidence, score: Int(score), scaleMax: Int(scaleMax))
            case .touched: lastTouch = evidence.later(than: lastTouch)
            case .spoke: lastTalk = evidence.later(than: lastTalk)
            case .owned: isOwned = true
            case .consentWithdrawn: withdrawals.append(evidence)
            case .dealLost(let ref, true): lost.append((ref, evidence))
            case .dealReopened(let ref): lost.removeAll { $0.ref == ref }
            default: continue
            }
        }
        tickets = opened.map { ($0.evidence, complaints[$0.ref] ?? false) }
        losses = lost.map(\.evidence)
    }
}

extension Evidence {
    /// The one of the later day; of one day, the first that was recorded, since a second need not be.
    fileprivate func later(than other: Evidence?) -> Evidence {
        guard let other else { return self }
        return (day, other.position) > (other.day, position) ? self : other
    }
}

extension CustomerHistory {
    /// Days of acquaintance below which the model is not asked about a customer.
    static let ageDaysMin = 7

    /// x, t_x and T of a customer whom the model may be asked about.
    private var modelled: RepeatBuying? {
        guard let pattern = purchases.pattern(asOf: today), pattern.ageDays >= Self.ageDaysMin else { return nil }
        return pattern.buying
    }

    /// The probability of still being active, in millionths; `nil` without a model or within the first week.
    func aliveMicro(_ model: BGNBD?) -> Int64? {
        guard let model, let modelled else { return nil }
        return model.probabilityAlive(modelled).fixed(.micro)
    }

    /// The purchase days to expect in the next weeks; `nil` where there is no probability either.
    func expectedPurchases(_ model: BGNBD?, inNext weeks: Double) -> Double? {
        guard let model, let modelled else { return nil }
        return model.expectedPurchases(inNext: weeks, after: modelled)
    }

    /// What a purchase day is expected to bring, in minor units of the customer's one currency.
    func expectedValue(_ model: GammaGamma?) -> Double? {
        guard let model, let amount = purchases.repeatAmount, !purchases.days.isEmpty else { return nil }
        let repeats = purchases.days.count - 1
        guard repeats > 0, amount > 0 else { return model.populationMean }
        return model.expectedValue(repeats: repeats, mean: Double(amount) / Double(repeats))
    }

    /// The customer's rhythm; `nil` with too few purchases.
    var cadence: Cadence? { Cadence(days: purchases.days.map(\.day), asOf: today) }
}
