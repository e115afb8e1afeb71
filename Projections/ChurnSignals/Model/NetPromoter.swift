/// The Net Promoter Score of some answers from 0 to 10, with its standard error.
package struct NetPromoter: Hashable, Sendable {
    /// Answers of 9 and 10.
    package var promoters = 0
    /// Answers of 7 and 8.
    package var passives = 0
    /// Answers of 6 and below.
    package var detractors = 0

    /// A count of answers.
    package init(promoters: Int = 0, passives: Int = 0, detractors: Int = 0) {
        self.promoters = promoters
        self.passives = passives
        self.detractors = detractors
    }

    /// Counts one answer.
    package mutating func count(_ score: Int64) {
        switch score {
        case 9...: promoters += 1
        case 7...8: passives += 1
        default: detractors += 1
        }
    }

    /// Answers in all.
    package var answers: Int { promoters + passives + detractors }

    /// 100 · (P − D) ÷ n, from −100 to 100; `nil` without answers.
    package var score: Double? { share.map { $0 * 100 } }

    /// 100 · √([P(1 − v)² + N·v² + D(1 + v)²] ÷ n²) where v = (P − D) ÷ n; `nil` without answers.
    package var standardError: Double? {
        share.map { v in
            let spread =
                Double(promoters) * (1 - v) * (1 - v) + Double(passives) * v * v
                + Double(detractors) * (1 + v) * (1 + v)
            return 100 * spread.squareRoot() / Double(answers)
        }
    }

    private var share: Double? { answers > 0 ? Double(promoters - detractors) / Double(answers) : nil }
}
