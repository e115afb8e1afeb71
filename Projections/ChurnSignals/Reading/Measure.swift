/// What one sign of leaving says about a customer: how bad it is, and on what events that rests.
struct Measure: Sendable {
    var kind: SignalKind
    /// 0 to 10,000 basis points; 0 is well.
    var severity: Int
    /// Days since its newest evidence; 0 for a state.
    var ageDays = 0
    var evidence: [UInt64] = []

    /// Events named as evidence of one measure, at most: the newest.
    static let evidenceCountMax = 20

    /// A state, which is true as of the day.
    init(_ kind: SignalKind, severity: Int, _ evidence: [UInt64]) {
        self.kind = kind
        self.severity = min(max(0, severity), 10_000)
        self.evidence = Array(evidence.sorted().suffix(Self.evidenceCountMax))
    }

    /// What rests on events, and ages from the newest of them.
    init(_ kind: SignalKind, severity: Int, asOf today: Int, _ events: [Evidence]) {
        self.init(kind, severity: severity, events.map(\.position))
        ageDays = events.map(\.day).max().map { today - $0 } ?? 0
    }

    /// What the model says: 1 − P where P, in millionths, is below a threshold in basis points. Decided on the
    /// rounded number that the answer shows.
    init(alive micro: Int64, threshold: Int, _ evidence: [UInt64]) {
        let isLow = micro < Int64(threshold) * 100
        self.init(.alive, severity: isLow ? Int((1_000_000 - micro).dividedHalfUp(by: 100)) : 0, evidence)
    }

    /// The signal that the measure gives under a rule.
    func signal(_ terms: ChurnRule.Terms) -> ChurnSignal {
        var signal = ChurnSignal(
            kind.rawValue, weight: terms.weight, severity: severity,
            decay: terms.halfLife.map { .init(ageDays: ageDays, halfLife: $0) })
        signal.evidence = evidence
        return signal
    }
}

extension CustomerHistory {
    /// Every measure for which the customer gives grounds, in the order of the signals; what is absent says nothing.
    func measures(_ rule: ChurnRule, _ model: BGNBD?) -> [Measure] {
        SignalKind.allCases.compactMap { kind in
            rule.terms[kind].flatMap { measure(kind, $0, model) }
        }
    }

    /// The risk with its reasons.
    func risk(_ rule: ChurnRule, _ model: BGNBD?) -> ChurnRisk {
        ChurnRisk(
            measures(rule, model).compactMap { measure in rule.terms[measure.kind].map { measure.signal($0) } })
    }

    /// The health: Σ w · score ÷ Σ w over the measures present, where a score is 10,000 less what remains of the
    /// severity. In basis points, rounded half up; `nil` where nothing is measured.
    func health(_ rule: ChurnRule, _ model: BGNBD?) -> Int? {
        var (sum, weights) = (0, 0)
        for measure in measures(rule, model) {
            guard let terms = rule.terms[measure.kind] else { continue }
            sum += terms.weight * (10_000 - measure.signal(terms).fadedSeverity)
            weights += terms.weight
        }
        return weights > 0 ? sum.dividedHalfUp(by: weights) : nil
    }

    /// One measure; `nil` where there are no grounds for it.
    private func measure(_ kind: SignalKind, _ terms: ChurnRule.Terms, _ model: BGNBD?) -> Measure? {
        let threshold = terms.threshold
        return switch kind {
        case .alive: alive(threshold, model)
        case .cadence:
            cadence.map {
                Measure(kind, severity: $0.severityBasisPoints(above: threshold), lastPurchase)
            }
        case .tickets: surge(kind, threshold, among: tickets.map(\.opened))
        case .complaints: surge(kind, threshold, among: tickets.filter(\.isComplaint).map(\.opened))
        case .detractor: detractor(terms)
        case .brokenPromises: brokenPromises(threshold)
        case .overdue: overdue(threshold)
        case .usageDrop: usageDrop(threshold)
        case .renewalSilent: renewalSilent(threshold)
        case .engagementLoss: engagementLoss(threshold)
        case .championLeft: newest(kind, departures)
        case .ownerChurn: ownerChurn(threshold)
        case .consentWithdrawn: newest(kind, withdrawals)
        case .competitorLost: newest(kind, losses)
        }
    }

    private var lastPurchase: [UInt64] { purchases.days.last.map { [$0.position] } ?? [] }

    /// Whether the model has a say: about who bought again, was known for a week, and is bound by habit alone and not
    /// by a contract or a subscription.
    var isModelled: Bool {
        guard let pattern = purchases.pattern(asOf: today) else { return false }
        return pattern.repeats > 0 && pattern.ageDays >= Self.ageDaysMin && !commitments.isOpen
    }

    private func alive(_ threshold: Int, _ model: BGNBD?) -> Measure? {
        guard isModelled, let alive = aliveMicro(model) else { return nil }
        return Measure(alive: alive, threshold: threshold, lastPurchase)
    }

    /// More of something than usual; only for a customer who ever had such a thing.
    private func surge(_ kind: SignalKind, _ threshold: Int, among events: [Evidence]) -> Measure? {
        guard !events.isEmpty else { return nil }
        let recent = events.filter { today - $0.day < Surge.recentDays }
        let usual = events.count { event in
            (Surge.recentDays..<Surge.recentDays + Surge.usualDays).contains(today - event.day)
        }
        let severity = Surge(recentCount: recent.count, usualCount: usual).severityBasisPoints(below: threshold)
        return Measure(kind, severity: severity, asOf: today, recent)
    }

    /// The last NPS answer of ten, and the last CSAT answer of five, within 90 days: what weighs more today.
    private func detractor(_ terms: ChurnRule.Terms) -> Measure? {
        let answers = [Fact.Survey.nps, .csat].compactMap { kind -> Measure? in
            guard let answer = lastAnswers[kind], today - answer.given.day < 90 else { return nil }
            guard answer.scaleMax == (kind == .nps ? 10 : 5) else { return nil }
            let isBad = answer.score <= (kind == .nps ? terms.threshold : 2)
            let severity = kind == .nps ? 10_000 : 7_000
            return Measure(.detractor, severity: isBad ? severity : 0, asOf: today, [answer.given])
        }
        return answers.max { $0.signal(terms).fadedSeverity < $1.signal(terms).fadedSeverity }
    }

    /// Broken promises over all that ended within 90 days, from two on.
    private func brokenPromises(_ threshold: Int) -> Measure? {
        let ended = promises.filter { today - $0.ended.day < 90 }
        guard !ended.isEmpty else { return nil }
        let broken = ended.filter(\.isBroken).map(\.ended)
        let fires = broken.count >= 2 && broken.count * 10_000 > threshold * ended.count
        let share = (broken.count * 10_000).dividedHalfUp(by: ended.count)
        return Measure(.brokenPromises, severity: fires ? share : 0, asOf: today, broken)
    }

    private func overdue(_ threshold: Int) -> Measure? {
        guard receivables.isInvoiced else { return nil }
        let late = receivables.open.filter { $0.dueDay < today }.map(\.position)
        return Measure(.overdue, severity: receivables.severity(over: threshold, asOf: today), late)
    }

    private func usageDrop(_ threshold: Int) -> Measure? {
        guard !commitments.isPaused, let (ratio, evidence) = usage.worst else { return nil }
        return Measure(.usageDrop, severity: ratio < threshold ? 10_000 - ratio : 0, evidence)
    }

    /// The day to give notice comes near, and nobody spoke with the customer for 30 days.
    private func renewalSilent(_ threshold: Int) -> Measure? {
        let due = commitments.contracts.filter { contract in
            contract.noticeDay.map { (0...max(0, threshold)).contains($0 - today) } ?? false
        }
        guard !commitments.contracts.isEmpty else { return nil }
        let isSilent = lastTalk.map { today - $0.day >= 30 } ?? true
        return Measure(
            .renewalSilent, severity: isSilent && !due.isEmpty ? 10_000 : 0, due.map(\.position))
    }

    /// No word from the customer for so many days of a contract or subscription.
    private func engagementLoss(_ threshold: Int) -> Measure? {
        guard let since = commitments.openSince else { return nil }
        let quietSince = max(since, lastTouch?.day ?? since)
        return Measure(
            .engagementLoss, severity: today - quietSince >= threshold ? 10_000 : 0,
            lastTouch.map { [$0.position] } ?? commitments.contracts.map(\.position))
    }

    private func ownerChurn(_ threshold: Int) -> Measure? {
        guard isOwned else { return nil }
        let changes = ownerChanges.filter { today - $0.day < 180 }
        return Measure(
            .ownerChurn, severity: changes.count >= threshold ? 10_000 : 0, asOf: today, changes)
    }

    /// What is bad because it happened; its absence is no merit.
    private func newest(_ kind: SignalKind, _ events: [Evidence]) -> Measure? {
        events.isEmpty ? nil : Measure(kind, severity: 10_000, asOf: today, events)
    }
}
