import CanonicalJSON

/// How long deals stay in one stage, over a set of stays.
struct StageTimes {
    /// The last closed stay of each deal that has one.
    private var latest: [Int64] = []
    /// All closed stays of each deal that has left the stage, added up.
    private var cumulative: [Int64] = []
    /// Every closed stay, and the ages of those that last.
    private var ended: [Int64] = []
    private var lasting: [Int64] = []

    /// Counts the stays of one deal in this stage, which stand in revision order.
    mutating func add(_ stays: [Stay], at now: Int64) {
        let closed = stays.compactMap(\.duration)
        ended += closed
        if let last = closed.last { latest.append(last) }
        if let open = stays.last(where: { $0.end == nil }) {
            lasting.append(elapsed(from: open.enter, to: now))
        } else {
            cumulative.append(closed.reduce(0) { $0.adding($1) })
        }
    }

    /// Quantiles over what is settled, with the number that still lasts; beyond a fifth of all stays these would
    /// tell only of the quick ones, so the Kaplan–Meier median stands beside them (READ_MODELS 2).
    var json: JSON {
        let isCensored = 5 * lasting.count > ended.count + lasting.count
        return [
            "latest": Figures.quantiles(of: latest), "cumulative": Figures.quantiles(of: cumulative),
            "open": .from(lasting.count),
            "km_median_ms": .from(isCensored ? KaplanMeier.median(ended: ended, lasting: lasting) : nil),
        ]
    }
}
