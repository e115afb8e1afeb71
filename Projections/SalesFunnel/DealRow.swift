/// What the projection keeps of one opportunity: its facts, and every step it took.
///
/// The row holds steps and no conclusions. Stays, exit kinds and closes are drawn from it when a
/// report is made, so that a pipeline published after its deals still counts, and a report can stop
/// at an earlier day or position. Steps stand in revision order; their times may go backwards.
struct DealRow: Equatable, Sendable {
    /// What the opening names for good; `nil` until it was seen.
    var facts: DealFacts?
    private(set) var words = Words()
    private(set) var steps: [DealStep] = []

    /// An empty row: the opportunity is known by name only.
    init() {}

    /// A row from its parts, as they were stored.
    init(facts: DealFacts?, words: Words, steps: [DealStep]) {
        self.facts = facts
        self.words = words
        self.steps = steps
    }

    /// Appends what an event changes.
    mutating func add(_ change: DealChange<String>, at time: Int64, position: Int64) {
        let change = change.map { words.number(of: $0) }
        steps.append(DealStep(time: time, position: position, change: change))
    }

    /// What a step changed, in words.
    func change(of step: DealStep) -> DealChange<String> { step.change.map { words[$0] } }
}

/// What an opening says of an opportunity for good.
struct DealFacts: Equatable, Sendable {
    var accountID: String
    /// `new`, `expansion` or `renewal`.
    var type: String?
    /// Where the opportunity came from, in the producer's word.
    var source: String?
    /// The campaign that the opening names.
    var campaignID: String?
    /// The lead that the opening names.
    var leadID: String?
}

/// One thing that an event of an opportunity changed.
struct DealStep: Equatable, Sendable {
    /// The event's time in milliseconds since the epoch.
    var time: Int64
    /// The event's index in the log.
    var position: Int64
    /// What it changed, with numbers of the row's words.
    var change: DealChange<Int32>
}

/// Which steps a question looks at: what had happened by then, of what was known by then.
struct Cut: Hashable, Sendable {
    /// Only what happened before this moment, in milliseconds since the epoch.
    var before: Int64?
    /// Only what the log held up to this position, which is included.
    var through: Int64?

    /// Everything.
    static let none = Cut()

    func sees(time: Int64, position: Int64) -> Bool {
        (before.map { time < $0 } ?? true) && (through.map { position <= $0 } ?? true)
    }
}
