import ProjectionRuntime

/// Which leads became an account: rows of an account lie side by side, by the lead's id. The lead writes them.
struct LeadLinkKey: RowKey {
    let account: String
    let lead: String

    init(account: String, lead: String) {
        self.account = account
        self.lead = lead
    }

    func hash(into hasher: inout Hasher) { hasher.combine(lead) }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(account)
        encoder.text(lead)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        account = try decoder.text()
        lead = try decoder.text()
    }
}

/// The conversion that made the link.
struct LeadLinkRow: RowValue, Equatable {
    let origin: Origin
    /// Whether the lead was not converted into another account later.
    var isCurrent = true

    init(_ origin: Origin) { self.origin = origin }

    func encode(to encoder: inout RowEncoder) {
        origin.encode(to: &encoder)
        encoder.boolean(isCurrent)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        origin = try Origin(from: &decoder)
        isCurrent = try decoder.boolean()
    }
}

/// To which accounts a contact was linked, and when: what tells whose event an event of the contact is.
struct ContactHomes: RowValue, Equatable {
    struct Step: Equatable, Sendable {
        let time: Int64
        let account: String
        let isActive: Bool
    }

    /// By time; of one time in the order of the log.
    private(set) var steps: [Step] = []

    init() {}

    mutating func add(_ step: Step) {
        var index = steps.count
        while index > 0, steps[index - 1].time > step.time { index -= 1 }
        steps.insert(step, at: index)
    }

    /// The account of the newest link that was active at a moment; empty for none.
    ///
    /// Links that are told late change whose events are from then on, and leave those that were folded before.
    func account(at time: Int64) -> String {
        var ended: [String] = []
        for step in steps.reversed() where step.time <= time {
            if ended.contains(step.account) { continue }
            if step.isActive { return step.account }
            ended.append(step.account)
        }
        return ""
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(steps) { encoder, step in
            encoder.integer(step.time)
            encoder.text(step.account)
            encoder.boolean(step.isActive)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        steps = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Step in
            Step(time: try decoder.integer(), account: try decoder.text(), isActive: try decoder.boolean())
        }
    }
}

/// Whether a party is in a pair that may be a duplicate and that nobody has looked at. The case writes it.
struct DuplicateRow: RowValue, Equatable {
    var isOpen = true
    var positions: [UInt64] = []

    init() {}

    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(isOpen)
        encoder.list(positions) { encoder, position in encoder.integer(Int64(bitPattern: position)) }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        isOpen = try decoder.boolean()
        positions = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> UInt64 in
            UInt64(bitPattern: try decoder.integer())
        }
    }
}
