import EventModel
import ProjectionRuntime

/// The parameters that all questions of this view share.
struct ChurnQuestion: Sendable {
    /// The day up to which purchases count, and at which silence is measured.
    var today: CivilDay
    /// Weeks to forecast.
    var horizonWeeks: Int64

    /// Weeks to forecast when the question does not say: the calibration period of the paper.
    static let horizonWeeksDefault: Int64 = 39
    /// Ten years, beyond which no forecast from buying habits means anything.
    static let horizonWeeksMax: Int64 = 520

    /// Reads `as_of_day` and `horizon_weeks`; `nil` if the log is empty and no day is given.
    ///
    /// Without `as_of_day` it is the civil day of the ASOF bound, else that of the greatest time in the log.
    init?(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) {
        let weeks = try parameters.integer("horizon_weeks") ?? Self.horizonWeeksDefault
        guard (1...Self.horizonWeeksMax).contains(weeks) else {
            throw .badParameter(
                name: "horizon_weeks", found: "out of range", allowed: "1 to \(Self.horizonWeeksMax)")
        }
        horizonWeeks = weeks
        let day = try parameters.day("as_of_day")
        guard let today = day ?? snapshot.asOf?.day ?? snapshot.latestTime?.day else { return nil }
        self.today = today
    }
}
