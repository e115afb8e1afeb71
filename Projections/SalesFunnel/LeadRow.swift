import ProjectionRuntime

/// What the projection keeps of one lead: where it came from, and every step it took.
struct LeadRow: Equatable, Sendable {
    /// The producer's word for the origin; `nil` until the capture was seen.
    var source: String?
    /// The catalog's channel: `web`, `event`, `partner` and so on.
    var channel: String?
    /// The campaign that the capture names.
    var campaignID: String?
    /// What happened, in revision order.
    var steps: [LeadStep] = []
}

/// One event of a lead that moves it.
struct LeadStep: Equatable, Sendable {
    /// The event's time in milliseconds since the epoch.
    var time: Int64
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
    case converted
}

// A row is: source, channel, campaign (optional texts), then the steps.
// A step is: time, tag 0 to 4, and the text of the tags 1 (owner) and 2 (stage).

extension LeadRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.optionalText(source)
        encoder.optionalText(channel)
        encoder.optionalText(campaignID)
        encoder.list(steps) { encoder, step in step.encode(to: &encoder) }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        source = try decoder.optionalText()
        channel = try decoder.optionalText()
        campaignID = try decoder.optionalText()
        steps = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in try LeadStep(from: &decoder) }
    }
}

extension LeadStep {
    fileprivate func encode(to encoder: inout RowEncoder) {
        encoder.integer(time)
        switch change {
        case .captured: encoder.integer(0)
        case .assigned(let owner):
            encoder.integer(1)
            encoder.text(owner)
        case .qualified(let stage):
            encoder.integer(2)
            encoder.text(stage)
        case .disqualified: encoder.integer(3)
        case .converted: encoder.integer(4)
        }
    }

    fileprivate init(from decoder: inout RowDecoder) throws(RowError) {
        time = try decoder.integer()
        switch try decoder.integer() {
        case 0: change = .captured
        case 1: change = .assigned(to: try decoder.text())
        case 2: change = .qualified(stage: try decoder.text())
        case 3: change = .disqualified
        default: change = .converted
        }
    }
}
