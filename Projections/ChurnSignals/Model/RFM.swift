/// Recency, frequency and monetary scores, each from 1 (lowest fifth) to 5.
package struct RFM: Hashable, Sendable {
    /// From the last purchase day, ascending: recent is 5.
    package var recency: Int
    /// From the number of purchase days.
    package var frequency: Int
    /// From the net revenue in the customer's currency.
    package var monetary: Int

    /// Scores of one customer.
    package init(recency: Int, frequency: Int, monetary: Int) {
        self.recency = recency
        self.frequency = frequency
        self.monetary = monetary
    }

    /// The fifth of each value: ⌈5 · rank ÷ n⌉, where rank is 1 + the number of strictly smaller values.
    ///
    /// Ties share the lowest rank, so equal customers always have equal scores and a score may stay empty.
    package static func quintiles(of values: [some Comparable]) -> [Int] {
        var scores = [Int](repeating: 0, count: values.count)
        var rank = 1
        var previous: Int?
        for (offset, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
            if let previous, values[previous] < values[index] { rank = offset + 1 }
            scores[index] = (5 * rank + values.count - 1) / values.count
            previous = index
        }
        return scores
    }
}

extension RFM {
    /// A named group of scores.
    package enum Segment: String, CaseIterable, Sendable {
        case champions, potentialLoyalist = "potential_loyalist", loyal, promising, new
        case cannotLose = "cannot_lose", atRisk = "at_risk", needsAttention = "needs_attention"
        case aboutToSleep = "about_to_sleep", lost, others
    }

    /// The first segment whose bounds hold the scores.
    ///
    /// Bounds and order are those of the CRAN package `rfm` (rfm.rsquaredacademy.com, `rfm_segment`), which since
    /// 0.2.2 lets the first segment win as well.
    package var segment: Segment {
        Self.bounds.first { bound in
            bound.recency.contains(recency) && bound.frequency.contains(frequency)
                && bound.monetary.contains(monetary)
        }?.segment ?? .others
    }

    private struct Bound: Sendable {
        var segment: Segment
        var recency: ClosedRange<Int>
        var frequency: ClosedRange<Int>
        var monetary: ClosedRange<Int>
    }

    private static let bounds: [Bound] = [
        Bound(segment: .champions, recency: 5...5, frequency: 5...5, monetary: 5...5),
        Bound(segment: .potentialLoyalist, recency: 3...5, frequency: 3...5, monetary: 2...5),
        Bound(segment: .loyal, recency: 2...4, frequency: 2...4, monetary: 2...4),
        Bound(segment: .promising, recency: 3...4, frequency: 1...3, monetary: 3...5),
        Bound(segment: .new, recency: 4...5, frequency: 1...3, monetary: 1...5),
        Bound(segment: .cannotLose, recency: 1...2, frequency: 3...4, monetary: 4...5),
        Bound(segment: .atRisk, recency: 1...2, frequency: 2...5, monetary: 4...5),
        Bound(segment: .needsAttention, recency: 1...3, frequency: 3...5, monetary: 3...5),
        Bound(segment: .aboutToSleep, recency: 2...3, frequency: 1...3, monetary: 1...4),
        Bound(segment: .lost, recency: 1...1, frequency: 1...5, monetary: 1...5),
    ]
}
