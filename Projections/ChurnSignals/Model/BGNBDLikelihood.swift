import Glibc

/// The purchase histories of a population, equal ones grouped, in the form that the likelihood wants.
///
/// The 2,357 customers of the CDNOW sample are 1,016 patterns. Patterns stand in ascending order, so that a sum over
/// them does not depend on the order in which the customers came.
package struct PurchasePatterns: Sendable {
    /// One distinct history in whole days, or in other equal steps; see ``stepsPerWeek``.
    package struct Pattern: Hashable, Comparable, Sendable {
        package var repeats: Int
        package var lastDays: Int
        package var ageDays: Int

        package init(repeats: Int, lastDays: Int, ageDays: Int) {
            self.repeats = repeats
            self.lastDays = lastDays
            self.ageDays = ageDays
        }

        package static func < (left: Pattern, right: Pattern) -> Bool {
            (left.repeats, left.lastDays, left.ageDays) < (right.repeats, right.lastDays, right.ageDays)
        }

        /// The same in weeks, where the steps are days.
        package var buying: RepeatBuying {
            RepeatBuying(repeats: repeats, lastWeeks: Double(lastDays) / 7, ageWeeks: Double(ageDays) / 7)
        }
    }

    /// The patterns with the number of customers of each, ascending.
    package let weighted: [(pattern: Pattern, customers: Int)]
    /// Customers in all.
    package let customerCount: Int
    /// Customers with a repeat purchase day.
    package let repeatCustomerCount: Int

    /// Steps of time in a week: 7, since histories are counted in days.
    private let stepsPerWeek: Double

    /// Distinct day counts of all patterns: α + days ÷ 7 has one logarithm for each.
    private let days: [Int]
    /// Patterns by number of repeats.
    private let groups: [Group]

    /// The patterns of equal x, with days as indices into `days`.
    private struct Group: Sendable {
        var repeats: Double
        var customers = 0.0
        var members: [(last: Int, age: Int, customers: Double)] = []
    }

    /// Groups the histories of a population.
    package init(_ histories: some Sequence<Pattern>, stepsPerWeek: Int = 7) {
        self.stepsPerWeek = Double(stepsPerWeek)
        var counts: [Pattern: Int] = [:]
        for history in histories { counts[history, default: 0] += 1 }
        weighted = counts.map { (pattern: $0.key, customers: $0.value) }.sorted { $0.pattern < $1.pattern }
        customerCount = weighted.reduce(0) { $0 + $1.customers }
        repeatCustomerCount = weighted.reduce(0) { $0 + ($1.pattern.repeats > 0 ? $1.customers : 0) }
        days = Set(weighted.flatMap { [$0.pattern.lastDays, $0.pattern.ageDays] }).sorted()
        let index = Dictionary(uniqueKeysWithValues: days.enumerated().map { ($0.element, $0.offset) })
        var groups: [Group] = []
        for (pattern, customers) in weighted {
            if groups.last?.repeats != Double(pattern.repeats) {
                groups.append(Group(repeats: Double(pattern.repeats)))
            }
            let member = (index[pattern.lastDays] ?? 0, index[pattern.ageDays] ?? 0, Double(customers))
            groups[groups.count - 1].members.append(member)
            groups[groups.count - 1].customers += Double(customers)
        }
        self.groups = groups
    }
}

extension PurchasePatterns {
    /// Mean T over mean x, in weeks; 1 where nobody bought again.
    var meanWeeksPerRepeat: Double {
        let sums = weighted.reduce((ages: 0.0, repeats: 0.0)) { sums, entry in
            let customers = Double(entry.customers)
            return (
                sums.ages + customers * Double(entry.pattern.ageDays) / stepsPerWeek,
                sums.repeats + customers * Double(entry.pattern.repeats)
            )
        }
        return sums.repeats > 0 && sums.ages > 0 ? sums.ages / sums.repeats : 1
    }

    /// The log-likelihood of the population under a model (equation 7 of the paper).
    ///
    /// lnΓ is taken once per distinct x, a logarithm once per distinct number of days; a pattern costs one exponential
    /// and one log1p. The two terms of the sum within the logarithm are added as log-sum-exp, so nothing overflows.
    package func logLikelihood(of model: BGNBD) -> Double {
        let (r, alpha, a, b) = (model.r, model.alpha, model.a, model.b)
        let logSpan = days.map { log(alpha + Double($0) / stepsPerWeek) }
        let shared = r * log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b)
        var sum = shared * Double(customerCount)
        for group in groups {
            let x = group.repeats
            let shape = r + x
            sum += group.customers * (logGamma(shape) + logGamma(b + x) - logGamma(a + b + x))
            guard x > 0 else {
                for member in group.members { sum -= member.customers * shape * logSpan[member.age] }
                continue
            }
            let dropout = log(a) - log(b + x - 1)
            for member in group.members {
                let active = -shape * logSpan[member.age]
                let left = dropout - shape * logSpan[member.last]
                sum += member.customers * (max(active, left) + log1p(exp(-abs(active - left))))
            }
        }
        return sum
    }
}
