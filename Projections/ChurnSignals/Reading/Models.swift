import EventModel
import ProjectionRuntime

/// The models that answer a question: parameters that somebody recorded, else fitted when asked.
struct Models: Sendable {
    /// Where parameters come from.
    enum Origin: Sendable {
        /// `prediction.recorded` at a position.
        case recorded(position: UInt64, version: Int64, inputPosition: Int64)
        /// Fitted to the customers of the question, in so many evaluations.
        case fitted(evaluations: Int)
    }

    /// How often customers buy, and whether they are still there.
    struct Buying: Sendable {
        var model: BGNBD
        var origin: Origin
        /// Whether the parameters should not be relied upon; `nil`, as below, where the customers were not looked at.
        var isWeak: Bool?
        /// Of the customers of the question.
        var logLikelihood: Double?
    }

    /// What customers of one currency spend.
    struct Spending: Sendable {
        var model: GammaGamma
        var origin: Origin
        var isWeak: Bool
        var logLikelihood: Double?
        var customerCount: Int?
        var correlation: Double?
    }

    var buying: Buying?
    var spending: [CurrencyCode: Spending] = [:]

    /// The model ids of `prediction.recorded`; the second is followed by its currency.
    static let buyingID = "bg-nbd"
    static let spendingID = "gamma-gamma-"

    /// What was recorded by a moment, the newest of each model.
    init(recordedIn snapshot: ViewSnapshot, _ moment: Moment) throws(ViewError) {
        try snapshot.forEach(ChurnSignals.parameters) { key, row throws(ViewError) in
            guard moment.includes(key.position, row.time) else { return true }
            let origin = Origin.recorded(
                position: key.position, version: row.version, inputPosition: row.inputPosition)
            if let model = BGNBD(row) {
                buying = Buying(model: model, origin: origin)
            } else if let model = GammaGamma(row) {
                let currency = CurrencyCode(String(row.model.dropFirst(Self.spendingID.count)))
                spending[currency] = Spending(model: model, origin: origin, isWeak: model.q <= 1)
            }
            return true
        }
    }

    /// No models yet.
    init() {}

    /// Judges the recorded parameters by the customers, and fits what was not recorded.
    mutating func complete(_ patterns: PurchasePatterns, _ spenders: [CurrencyCode: SpendingPatterns]) {
        if var known = buying {
            known.logLikelihood = patterns.logLikelihood(of: known.model)
            known.isWeak = patterns.repeatCustomerCount < BGNBDFit.repeatCustomerCountMin
            buying = known
        } else if let fit = BGNBDFit(patterns) {
            buying = Buying(
                model: fit.model, origin: .fitted(evaluations: fit.evaluationCount), isWeak: fit.isWeak,
                logLikelihood: fit.logLikelihood)
        }
        for (currency, patterns) in spenders {
            if var known = spending[currency] {
                known.logLikelihood = patterns.logLikelihood(of: known.model)
                known.isWeak = known.isWeak || patterns.customerCount < BGNBDFit.repeatCustomerCountMin
                known.customerCount = patterns.customerCount
                known.correlation = patterns.correlation
                spending[currency] = known
            } else if let fit = GammaGammaFit(patterns) {
                spending[currency] = Spending(
                    model: fit.model, origin: .fitted(evaluations: fit.evaluationCount), isWeak: fit.isWeak,
                    logLikelihood: fit.logLikelihood, customerCount: patterns.customerCount,
                    correlation: patterns.correlation)
            }
        }
    }
}

extension BGNBD {
    /// A recorded model; `nil` if it is another one or lacks a parameter above 0.
    fileprivate init?(_ row: ParameterRow) {
        guard row.model == Models.buyingID, let r = row.value("r"), let alpha = row.value("alpha"),
            let a = row.value("a"), let b = row.value("b"), [r, alpha, a, b].allSatisfy({ $0 > 0 })
        else { return nil }
        self.init(r: r, alpha: alpha, a: a, b: b)
    }
}

extension GammaGamma {
    /// A recorded model; `nil` if it is another one or lacks a parameter above 0.
    fileprivate init?(_ row: ParameterRow) {
        guard row.model.hasPrefix(Models.spendingID), let p = row.value("p"), let q = row.value("q"),
            let gamma = row.value("gamma"), [p, q, gamma].allSatisfy({ $0 > 0 })
        else { return nil }
        self.init(p: p, q: q, gamma: gamma)
    }
}
