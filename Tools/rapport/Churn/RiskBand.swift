/// Where a customer's risk lies, as the churn view says: hysteresis included.
enum RiskBand: String {
    case green, amber, red

    /// The kinds of signals that stand for a customer in this band. Each bound has a signal of its own, so whoever is
    /// red is amber too, and falls back to it.
    var kinds: [String] {
        switch self {
        case .green: []
        case .amber: ["churn_amber"]
        case .red: ["churn_amber", "churn_red"]
        }
    }
}
