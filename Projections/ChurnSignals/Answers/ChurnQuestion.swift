import CivilTime
import EventModel
import ProjectionRuntime

/// The parameters that the questions of this view share.
struct ChurnQuestion: Sendable {
    /// The day up to which facts count, and the position up to which they were known.
    var moment: Moment
    /// Weeks to forecast.
    var horizonWeeks: Int64
    /// How the value of a customer is reckoned.
    var value: LifetimeValue
    /// Whether the models are fitted even where parameters were recorded.
    var isFitted: Bool
    /// The last days whose orders count for frequency and money; `nil` for all.
    var windowDays: Int?

    /// The as-of day.
    var today: CivilDay { CivilDay(daysSinceEpoch: moment.today) }

    /// Weeks to forecast when the question does not say: the calibration period of the paper.
    static let horizonWeeksDefault: Int64 = 39
    /// Ten years, beyond which no forecast from buying habits means anything.
    static let horizonWeeksMax: Int64 = 520
    /// The same bound in months and in days.
    static let monthsMax: Int64 = 120
    static let daysMax: Int64 = 3_653

    /// Reads the parameters; `nil` if the log is empty and no day is given.
    ///
    /// Without `as_of_day` it is the civil day in `time_zone` of the ASOF bound, else of the greatest time in the log.
    /// What that was at an earlier position only the log knows: `known_at` asks for a day beside it, or `AT` instead.
    init?(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) {
        horizonWeeks =
            try parameters.integer("horizon_weeks", in: 1...Self.horizonWeeksMax) ?? Self.horizonWeeksDefault
        value = LifetimeValue(
            months: Int(try parameters.integer("clv_months", in: 1...Self.monthsMax) ?? 12),
            monthlyDiscount: Int(try parameters.integer("discount_bp", in: 0...10_000) ?? 0),
            margin: Int(try parameters.integer("margin_bp", in: 0...10_000) ?? 10_000))
        windowDays = try parameters.integer("window_days", in: 1...Self.daysMax).map { Int($0) }
        isFitted = try parameters.choice("model", of: ["recorded", "fitted"], default: "recorded") == "fitted"
        let known = try parameters.position("known_at", in: snapshot).map { UInt64($0) }
        let day = try parameters.day("as_of_day")
        guard known == nil || day != nil || snapshot.asOf != nil else {
            throw .badParameter(
                name: "as_of_day", found: "missing", allowed: "a day beside 'known_at', or AT instead of 'known_at'")
        }
        let zone = try parameters.zone()
        let newest = (snapshot.asOf ?? snapshot.latestTime).map { zone.day(of: $0.milliseconds) }
        if let day, let newest, snapshot.asOf != nil, day > newest {
            throw .badParameter(
                name: "as_of_day", found: "after the day of ASOF", allowed: "that day or an earlier one")
        }
        guard let today = day ?? newest else { return nil }
        let position = min(known ?? .max, snapshot.knownAt?.index ?? .max)
        moment = Moment(today, in: zone, at: position, before: snapshot.asOf.map { $0.milliseconds + 1 } ?? .max)
    }
}

extension ViewParameters {
    /// An integer within bounds; `nil` when absent.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws(ViewError) -> Int64? {
        guard let value = try integer(name) else { return nil }
        guard range.contains(value) else {
            throw .badParameter(
                name: name, found: "out of range", allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
