import ProjectionRuntime

/// What the projection keeps of one lead: where it came from, and every step it took.
struct LeadRow: Equatable, Sendable {
    /// What the capture names; `nil` until it was seen.
    var facts: LeadFacts?
    /// What happened, in revision order.
    var steps: [LeadStep] = []

    /// Appends what an event changes.
    mutating func add(_ change: LeadChange, at time: Int64, position: Int64) {
        steps.append(LeadStep(time: time, position: position, change: change))
    }
}

/// What a capture says of a lead for good.
struct LeadFacts: Equatable, Sendable {
    /// The producer's word for the origin.
    var source: String
    /// The catalog's channel: `web`, `event`, `partner` and so on.
    var channel: String
    var campaignID: String?
    var partnerID: String?
}

/// One event of a lead that moves it.
struct LeadStep: Equatable, Sendable {
    /// The event's time in milliseconds since the epoch.
    var time: Int64
    /// The event's index in the log.
    var position: Int64
    /// What it changed.
    var change: LeadChange
}

/// What an event of a lead changes.
enum LeadChange: Equatable, Sendable {
    case captured
    case assigned(to: String)
    /// `mql`, `sal` or `sql`.
    case qualified(stage: String)
    case disqualified
    /// Given another chance after a disqualification.
    case recycled
    case converted
}

// A row is: whether the capture was seen, and then source, channel, campaign, partner; the steps.
// A step is: time and position, both as the difference to the step before; a tag from 0 to 5; and the text of the
// tags 1 (owner) and 2 (stage).

extension LeadRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(facts != nil)
        if let facts {
            encoder.text(facts.source)
            encoder.text(facts.channel)
            encoder.optionalText(facts.campaignID)
            encoder.optionalText(facts.partnerID)
        }
        var (time, position): (Int64, Int64) = (0, 0)
        encoder.list(steps) { encoder, step in
            encoder.integer(step.time &- time)
            encoder.integer(step.position &- position)
            (time, position) = (step.time, step.position)
            step.change.encode(to: &encoder)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        if try decoder.boolean() {
            facts = LeadFacts(
                source: try decoder.text(), channel: try decoder.text(), campaignID: try decoder.optionalText(),
                partnerID: try decoder.optionalText())
        }
        var (time, position): (Int64, Int64) = (0, 0)
        steps = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
            time &+= try decoder.integer()
            position &+= try decoder.integer()
            return LeadStep(time: time, position: position, change: try LeadChange(from: &decoder))
        }
    }
}

extension LeadChange {
    fileprivate func encode(to encoder: inout RowEncoder) {
        switch self {
        case .captured: encoder.integer(0)
        case .assigned(let owner):
            encoder.integer(1)
            encoder.text(owner)
        case .qualified(let stage):
            encoder.integer(2)
            encoder.text(stage)
        case .disqualified: encoder.integer(3)
        case .recycled: encoder.integer(4)
        case .converted: encoder.integer(5)
        }
    }

    fileprivate init(from decoder: inout RowDecoder) throws(RowError) {
        switch try decoder.integer() {
        case 0: self = .captured
        case 1: self = .assigned(to: try decoder.text())
        case 2: self = .qualified(stage: try decoder.text())
        case 3: self = .disqualified
        case 4: self = .recycled
        default: self = .converted
        }
    }
}
