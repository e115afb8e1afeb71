/// How long a customer has been silent, measured against the customer's own rhythm.
///
/// z = (now − last − median gap) ÷ max(1 day, 1.4826 · MAD of the gaps), where MAD is the median absolute deviation
/// from the median and 1.4826 makes it comparable to a standard deviation. Everything is in integers: 1.4826 is
/// 14,826 ÷ 10,000 exactly.
package struct Cadence: Hashable, Sendable {
    /// Median of the days between purchase days, by nearest rank.
    package let medianGapDays: Int
    /// Median absolute deviation of those days, by nearest rank.
    package let deviationDays: Int
    /// Days since the last purchase day.
    package let idleDays: Int

    /// Gaps below which a customer has no rhythm to speak of.
    package static let gapCountMin = 3

    /// The rhythm of ascending, distinct purchase days; `nil` with fewer than ``gapCountMin`` gaps.
    package init?(days: [Int], asOf today: Int) {
        guard let last = days.last, days.count > Self.gapCountMin else { return nil }
        let gaps = zip(days.dropFirst(), days).map { $0 - $1 }
        guard let median = nearestRank(of: gaps, permille: 500),
            let deviation = nearestRank(of: gaps.map { abs($0 - median) }, permille: 500)
        else { return nil }
        medianGapDays = median
        deviationDays = deviation
        idleDays = today - last
    }

    /// z in thousandths, rounded half up.
    package var zMilli: Int { (excess * 1_000).dividedHalfUp(by: scale) }

    /// The silence that is out of the ordinary, as a z in thousandths.
    package static let zMilliMax = 3_000

    /// Whether the silence is out of the ordinary: z above the threshold, compared exactly.
    package func fires(above zMilli: Int = zMilliMax) -> Bool { beyond(zMilli) > 0 }

    /// min(1, (z − 3) ÷ 3) in basis points, rounded half up; 0 unless it fires. The threshold stands for 3.
    package func severityBasisPoints(above zMilli: Int = zMilliMax) -> Int {
        guard fires(above: zMilli) else { return 0 }
        guard zMilli > 0 else { return 10_000 }
        return Int(min(10_000, (beyond(zMilli) * 10_000).dividedHalfUp(by: Int128(zMilli) * Int128(scale))))
    }

    /// What is more than the threshold, times 10⁷. Dates and thresholds may be of any size.
    private func beyond(_ zMilli: Int) -> Int128 { Int128(excess) * 1_000 - Int128(zMilli) * Int128(scale) }

    /// Days of silence beyond the median gap, times 10,000.
    private var excess: Int { (idleDays - medianGapDays) * 10_000 }

    /// max(1 day, 1.4826 · MAD), times 10,000.
    private var scale: Int { max(10_000, 14_826 * deviationDays) }
}

/// The quantile by nearest rank: element ⌈p · n⌉ of the ascending values, never interpolated; `nil` of nothing.
///
/// The median of an even number of values is therefore the lower of the two in the middle.
package func nearestRank(of values: [Int], permille: Int) -> Int? {
    guard !values.isEmpty else { return nil }
    let rank = (permille * values.count + 999) / 1_000
    return values.sorted()[min(max(rank, 1), values.count) - 1]
}
