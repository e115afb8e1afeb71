/// What the steps of one lead amount to.
struct LeadHistory: Sendable {
    let id: String
    /// What the capture says for good; `nil` where it wasn't seen.
    private(set) var facts: LeadFacts?
    /// When it was captured; `nil` when that event was never seen.
    private(set) var capturedAt: Int64?
    /// When it was converted first.
    private(set) var convertedAt: Int64?
    /// The present owner.
    private(set) var owner: String?
    /// The qualification stages that it was given, each once, in revision order.
    private(set) var qualifiedStages: [String] = []
    private(set) var isDisqualified = false
    private(set) var recycledCount = 0
    private(set) var isOutOfOrder = false

    /// Folds the steps that a question looks at; `nil` when there is none.
    init?(id: String, row: LeadRow, _ cut: Cut = .none) {
        self.id = id
        var latest: Int64?
        for step in row.steps where cut.sees(time: step.time, position: step.position) {
            if let latest, step.time < latest { isOutOfOrder = true }
            latest = step.time
            if step.change == .captured { facts = row.facts }
            take(step)
        }
        guard latest != nil else { return nil }
    }

    /// Takes over what counts of a lead that was merged into this one: when the first of them was captured, how far
    /// they were qualified and whether one was converted. Whose it is, and whether it was given up, its own steps say.
    mutating func add(_ other: LeadHistory) {
        facts = facts ?? other.facts
        capturedAt = [capturedAt, other.capturedAt].compactMap(\.self).min()
        convertedAt = [convertedAt, other.convertedAt].compactMap(\.self).min()
        qualifiedStages += other.qualifiedStages.filter { !qualifiedStages.contains($0) }
        if other.isOutOfOrder { isOutOfOrder = true }
    }

    /// Milliseconds from capture to conversion, 0 where the times contradict each other.
    var millisecondsToConvert: Int64? {
        guard let capturedAt, let convertedAt else { return nil }
        return max(0, convertedAt - capturedAt)
    }

    private mutating func take(_ step: LeadStep) {
        if step.change != .captured, capturedAt == nil { isOutOfOrder = true }
        switch step.change {
        case .captured:
            capturedAt = capturedAt ?? step.time
        case .assigned(let owner):
            self.owner = owner
        case .qualified(let stage):
            if !qualifiedStages.contains(stage) { qualifiedStages.append(stage) }
            isDisqualified = false
        case .disqualified:
            isDisqualified = true
        case .recycled:
            recycledCount += 1
            isDisqualified = false
        case .converted:
            convertedAt = convertedAt ?? step.time
            isDisqualified = false
        }
    }
}
