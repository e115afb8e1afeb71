import ProjectionRuntime

// A row is: account, type, source, currency, campaign, lead (optional texts), then the steps.
// A step is: time, tag 0 to 6, and what the tag's change carries, in the order of its declaration.

extension DealRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.optionalText(accountID)
        encoder.optionalText(type)
        encoder.optionalText(source)
        encoder.optionalText(currency)
        encoder.optionalText(campaignID)
        encoder.optionalText(leadID)
        encoder.list(steps) { encoder, step in step.encode(to: &encoder) }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        accountID = try decoder.optionalText()
        type = try decoder.optionalText()
        source = try decoder.optionalText()
        currency = try decoder.optionalText()
        campaignID = try decoder.optionalText()
        leadID = try decoder.optionalText()
        steps = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in try DealStep(from: &decoder) }
    }
}

extension DealStep {
    fileprivate func encode(to encoder: inout RowEncoder) {
        encoder.integer(time)
        switch change {
        case .opened(let stage, let pipeline, let amount, let owner):
            encoder.integer(0)
            encoder.text(stage)
            encoder.text(pipeline)
            encoder.optionalInteger(amount)
            encoder.text(owner)
        case .stageChanged(let stage, let pipeline, let direction):
            encoder.integer(1)
            encoder.text(stage)
            encoder.optionalText(pipeline)
            encoder.integer(direction.rawValue)
        case .amountChanged(let amount):
            encoder.integer(2)
            encoder.integer(amount)
        case .ownerAssigned(let owner):
            encoder.integer(3)
            encoder.text(owner)
        case .won(let amount, let currency):
            encoder.integer(4)
            encoder.integer(amount)
            encoder.text(currency)
        case .lost:
            encoder.integer(5)
        case .reopened(let stage):
            encoder.integer(6)
            encoder.text(stage)
        }
    }

    fileprivate init(from decoder: inout RowDecoder) throws(RowError) {
        time = try decoder.integer()
        switch try decoder.integer() {
        case 0:
            change = .opened(
                stage: try decoder.text(), pipeline: try decoder.text(),
                amount: try decoder.optionalInteger(), owner: try decoder.text())
        case 1:
            change = .stageChanged(
                to: try decoder.text(), pipeline: try decoder.optionalText(),
                direction: StageDirection(rawValue: try decoder.integer()) ?? .lateral)
        case 2: change = .amountChanged(to: try decoder.integer())
        case 3: change = .ownerAssigned(to: try decoder.text())
        case 4: change = .won(amount: try decoder.integer(), currency: try decoder.text())
        case 5: change = .lost
        default: change = .reopened(stage: try decoder.text())
        }
    }
}
