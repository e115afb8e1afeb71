/// How much a customer uses the product, measure by measure.
struct Usage: Sendable {
    /// Use of one measure in the last four weeks and the twelve before, and what says so.
    struct Measure: Sendable {
        /// Thousandths of the measure's unit.
        var recent: Int128 = 0
        var before: Int128 = 0
        /// Reports on the recent days; where there are none, those on the days before say what is missing.
        var evidence: [UInt64] { recentEvidence.isEmpty ? beforeEvidence : recentEvidence }
        fileprivate var recentEvidence: [UInt64] = []
        fileprivate var beforeEvidence: [UInt64] = []

        /// The mean of the recent days over that of the days before, in basis points; `nil` without use before.
        var ratio: Int? {
            let scale = Int128(10_000 * Usage.beforeDays / Usage.recentDays)
            return before > 0 ? Int(clamping: (recent * scale).dividedHalfUp(by: before)) : nil
        }
    }

    /// Whole weeks, so that the mix of weekdays is equal.
    static let recentDays = 28
    static let beforeDays = 84

    /// By measure, in the order of their refs.
    let measures: [Measure]

    /// A report on several days counts for each window with the days that lie in it.
    init(_ facts: [Fact], asOf today: Int) {
        var measures: [Ref: Measure] = [:]
        let recent = today - Self.recentDays + 1...today
        let before = recent.lowerBound - Self.beforeDays...recent.lowerBound - 1
        for fact in facts {
            guard case .used(let metric, let milli, let start, let days) = fact.what else { continue }
            let period = Int(start)...Int(start) + max(1, Int(days)) - 1
            var measure = measures[metric] ?? Measure()
            let inRecent = Self.part(of: milli, period, in: recent)
            measure.recent += inRecent
            measure.before += Self.part(of: milli, period, in: before)
            if period.overlaps(recent) { measure.recentEvidence.append(fact.position) }
            if period.overlaps(before) { measure.beforeEvidence.append(fact.position) }
            measures[metric] = measure
        }
        self.measures = measures.sorted { $0.key.number < $1.key.number }.map(\.value)
    }

    private static func part(of milli: Int64, _ period: ClosedRange<Int>, in window: ClosedRange<Int>) -> Int128 {
        let days = min(period.upperBound, window.upperBound) - max(period.lowerBound, window.lowerBound) + 1
        guard days > 0 else { return 0 }
        return (Int128(milli) * Int128(days)).dividedHalfUp(by: Int128(period.count))
    }

    /// The measure that fell most.
    var worst: (ratio: Int, evidence: [UInt64])? {
        measures.compactMap { measure in measure.ratio.map { ($0, measure.evidence) } }.min { $0.0 < $1.0 }
    }
}
