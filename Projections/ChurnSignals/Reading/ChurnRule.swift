import EventModel
import ProjectionRuntime

/// The signs of leaving (READ_MODELS.md section 3.4), in the order in which they are combined.
enum SignalKind: String, CaseIterable, Sendable {
    case alive = "p_alive"
    case cadence, tickets, complaints, detractor
    case brokenPromises = "sla_breach"
    case overdue = "payment_overdue"
    case usageDrop = "usage_drop"
    case renewalSilent = "renewal_silent"
    case engagementLoss = "engagement_loss"
    case championLeft = "champion_left"
    case ownerChurn = "owner_churn"
    case consentWithdrawn = "consent_withdrawn"
    case competitorLost = "competitor_lost"

    /// The starting values: weight in basis points, half-life in days (`nil` for a state), and the threshold in the
    /// signal's own unit (`nil` where there is none to set).
    var starting: (weight: Int, halfLifeDays: Int?, threshold: Int?) {
        switch self {
        case .alive: (6_000, nil, 4_000)
        case .cadence: (5_000, nil, 3_000)
        case .tickets: (3_000, 28, 100)
        case .complaints: (6_000, 56, 100)
        case .detractor: (5_000, 90, 6)
        case .brokenPromises: (4_000, 60, 2_500)
        case .overdue: (4_000, nil, 30)
        case .usageDrop: (6_000, nil, 6_000)
        case .renewalSilent: (5_000, nil, 60)
        case .engagementLoss: (5_000, nil, 90)
        case .championLeft: (4_000, 120, nil)
        case .ownerChurn: (2_000, 180, 2)
        case .consentWithdrawn: (2_000, 180, nil)
        case .competitorLost: (3_000, 180, nil)
        }
    }
}

/// How signals are weighed: the starting values, or the rule of a company.
struct ChurnRule: Sendable {
    /// How one signal is weighed.
    struct Terms: Hashable, Sendable {
        /// In basis points.
        var weight: Int
        /// `nil` for a state, whose evidence does not age.
        var halfLife: HalfLife?
        /// In the signal's own unit.
        var threshold: Int
    }

    /// The rule's id and version, and where it was published; `nil` for the starting values.
    private(set) var source: (id: String, version: Int64, position: UInt64)?
    /// The signals that count.
    private(set) var terms: [SignalKind: Terms]
    private(set) var bands: RiskBands

    /// Far beyond any threshold that means something, and small enough to be multiplied.
    private static let thresholdMax: Int64 = 1_000_000_000

    /// The hand-set starting values.
    static let starting = ChurnRule()

    private init() {
        terms = Dictionary(
            uniqueKeysWithValues: SignalKind.allCases.map { kind in
                let (weight, days, threshold) = kind.starting
                let halfLife = days.map { HalfLife(days: $0) }
                return (kind, Terms(weight: weight, halfLife: halfLife, threshold: threshold ?? 0))
            })
        bands = .starting
    }

    /// A published rule. Signals that it does not name do not count, and names that nobody knows are passed over.
    ///
    /// Whether a signal ages is the signal's nature: a half-life matters only for those that rest on an event, in whole
    /// days rounded half up.
    init(_ row: RuleRow, at position: UInt64) {
        source = (row.id, row.version, position)
        terms = [:]
        for signal in row.signals {
            guard let kind = SignalKind(rawValue: signal.name) else { continue }
            let days = max(1, signal.halfLife).dividedHalfUp(by: 86_400)
            terms[kind] = Terms(
                weight: min(max(0, Int(signal.weight)), ChurnSignal.weightMax),
                halfLife: kind.starting.halfLifeDays.map { _ in HalfLife(days: Int(clamping: days)) },
                threshold: signal.threshold.map { Int(min(max(0, $0), Self.thresholdMax)) }
                    ?? kind.starting.threshold ?? 0)
        }
        bands = RiskBands(
            bounds: row.bands.map { Int(clamping: $0) },
            hysteresis: Int(clamping: row.hysteresis ?? Int64(RiskBands.starting.hysteresis)))
    }

    /// The rule in force: of those that were known and published by the day, and whose day has come, the greatest
    /// version, of equal ones the newest.
    static func inForce(_ snapshot: ViewSnapshot, _ moment: Moment) throws(ViewError) -> ChurnRule {
        var newest: (row: RuleRow, position: UInt64)?
        try snapshot.forEach(ChurnSignals.rules) { key, row throws(ViewError) in
            guard moment.includes(key.position, max(row.time, row.effectiveFrom)) else { return true }
            if let newest, newest.row.version > row.version { return true }
            newest = (row, key.position)
            return true
        }
        return newest.map { ChurnRule($0.row, at: $0.position) } ?? .starting
    }
}
