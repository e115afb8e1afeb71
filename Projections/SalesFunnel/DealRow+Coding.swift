import ProjectionRuntime

// A row is: whether the opening was seen, and then account, type, source, campaign, lead; the words; the steps.
// A step is: time and position, both as the difference to the step before; a tag from 0 to 9; and what the change of
// that tag carries, in the order of its declaration, texts as numbers of words. An absent number is written as -1.

extension DealRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(facts != nil)
        if let facts {
            encoder.text(facts.accountID)
            encoder.optionalText(facts.type)
            encoder.optionalText(facts.source)
            encoder.optionalText(facts.campaignID)
            encoder.optionalText(facts.leadID)
        }
        words.encode(to: &encoder)
        var (time, position): (Int64, Int64) = (0, 0)
        encoder.list(steps) { encoder, step in
            encoder.integer(step.time &- time)
            encoder.integer(step.position &- position)
            (time, position) = (step.time, step.position)
            step.change.encode(to: &encoder)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        var facts: DealFacts?
        if try decoder.boolean() {
            facts = DealFacts(
                accountID: try decoder.text(), type: try decoder.optionalText(), source: try decoder.optionalText(),
                campaignID: try decoder.optionalText(), leadID: try decoder.optionalText())
        }
        let words = try Words(from: &decoder)
        var (time, position): (Int64, Int64) = (0, 0)
        let steps = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
            time &+= try decoder.integer()
            position &+= try decoder.integer()
            return DealStep(time: time, position: position, change: try DealChange(from: &decoder, words))
        }
        self.init(facts: facts, words: words, steps: steps)
    }
}

extension DealChange<Int32> {
    fileprivate func encode(to encoder: inout RowEncoder) {
        switch self {
        case .opened(let stage, let pipeline, let owner, let amount, let currency, let probability, let closeDay):
            encoder.integer(0)
            encoder.word(stage)
            encoder.word(pipeline)
            encoder.word(owner)
            encoder.optionalInteger(amount)
            encoder.word(currency)
            encoder.optionalInteger(probability)
            encoder.optionalInteger(closeDay)
        case .stageChanged(let stage, let former, let pipeline, let direction, let probability):
            encoder.integer(1)
            encoder.word(stage)
            encoder.word(former)
            encoder.word(pipeline)
            encoder.integer(direction.rawValue)
            encoder.optionalInteger(probability)
        case .amountChanged(let amount, let currency):
            encoder.integer(2)
            encoder.integer(amount)
            encoder.word(currency)
        case .product(let product, let isFirst):
            encoder.integer(3)
            encoder.word(product)
            encoder.boolean(isFirst)
        case .closeDateChanged(let old, let new):
            encoder.integer(4)
            encoder.integer(old)
            encoder.integer(new)
        case .forecastChanged(let category, let probability, let isOverridden):
            encoder.integer(5)
            encoder.word(category)
            encoder.optionalInteger(probability)
            encoder.boolean(isOverridden)
        case .ownerAssigned(let owner, let former):
            encoder.integer(6)
            encoder.word(owner)
            encoder.word(former)
        case .won(let amount, let currency, let time, let order, let contract):
            encoder.integer(7)
            encoder.integer(amount)
            encoder.word(currency)
            encoder.optionalInteger(time)
            encoder.word(order)
            encoder.word(contract)
        case .lost(let reason, let competitor, let time):
            encoder.integer(8)
            encoder.word(reason)
            encoder.word(competitor)
            encoder.optionalInteger(time)
        case .reopened(let stage):
            encoder.integer(9)
            encoder.word(stage)
        }
    }

    fileprivate init(from decoder: inout RowDecoder, _ words: Words) throws(RowError) {
        switch try decoder.integer() {
        case 0:
            self = .opened(
                stage: try decoder.word(words), pipeline: try decoder.word(words), owner: try decoder.word(words),
                amount: try decoder.optionalInteger(), currency: try decoder.optionalWord(words),
                probability: try decoder.optionalInteger(), closeDay: try decoder.optionalInteger())
        case 1:
            self = .stageChanged(
                to: try decoder.word(words), from: try decoder.optionalWord(words),
                pipeline: try decoder.optionalWord(words),
                direction: StageDirection(rawValue: try decoder.integer()) ?? .lateral,
                probability: try decoder.optionalInteger())
        case 2: self = .amountChanged(to: try decoder.integer(), currency: try decoder.word(words))
        case 3: self = .product(try decoder.word(words), isFirst: try decoder.boolean())
        case 4: self = .closeDateChanged(from: try decoder.integer(), to: try decoder.integer())
        case 5:
            self = .forecastChanged(
                category: try decoder.word(words), probability: try decoder.optionalInteger(),
                isOverridden: try decoder.boolean())
        case 6: self = .ownerAssigned(to: try decoder.word(words), from: try decoder.optionalWord(words))
        case 7:
            self = .won(
                amount: try decoder.integer(), currency: try decoder.word(words), at: try decoder.optionalInteger(),
                order: try decoder.optionalWord(words), contract: try decoder.optionalWord(words))
        case 8:
            self = .lost(
                reason: try decoder.optionalWord(words), competitor: try decoder.optionalWord(words),
                at: try decoder.optionalInteger())
        default: self = .reopened(stage: try decoder.word(words))
        }
    }
}

extension RowEncoder {
    fileprivate mutating func word(_ number: Int32?) { integer(Int64(number ?? -1)) }
}

extension RowDecoder {
    fileprivate mutating func optionalWord(_ words: Words) throws(RowError) -> Int32? {
        let number = Int32(truncatingIfNeeded: try integer())
        guard number >= 0 else { return nil }
        guard words.contains(number) else { throw RowError(expected: "number of a word", offset: 0) }
        return number
    }

    fileprivate mutating func word(_ words: Words) throws(RowError) -> Int32 {
        guard let number = try optionalWord(words) else { throw RowError(expected: "word", offset: 0) }
        return number
    }
}
