/// How long something lasts that partly still lasts (E. L. Kaplan and P. Meier, Nonparametric Estimation from
/// Incomplete Observations, J. Amer. Statist. Assoc. 53, 1958).
enum KaplanMeier {
    /// The steps of the curve: at each duration that something ended after, S is the product over the durations up to
    /// it of (1 − ended ÷ at risk).
    ///
    /// - Parameters:
    ///   - ended: the durations that ended.
    ///   - lasting: the ages of those that still last. One that is as old as another that ended is at risk there.
    static func curve(ended: [Int64], lasting: [Int64]) -> [(duration: Int64, survival: Double)] {
        let (ended, lasting) = (ended.sorted(), lasting.sorted())
        var curve: [(duration: Int64, survival: Double)] = []
        var (next, younger) = (0, 0)
        var survival = 1.0
        while next < ended.count {
            let (duration, first) = (ended[next], next)
            while next < ended.count, ended[next] == duration { next += 1 }
            while younger < lasting.count, lasting[younger] < duration { younger += 1 }
            let atRisk = ended.count - first + lasting.count - younger
            survival *= Double(atRisk - (next - first)) / Double(atRisk)
            curve.append((duration, survival))
        }
        return curve
    }

    /// The median: the least duration t with S(t) ≤ ½; `nil` when S never falls that far.
    static func median(ended: [Int64], lasting: [Int64]) -> Int64? {
        // A product that is ½ on paper may end a few units in the last place above it.
        curve(ended: ended, lasting: lasting).first { $0.survival <= 0.5 + 1e-12 }?.duration
    }
}
