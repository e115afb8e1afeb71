import CanonicalJSON
import EventModel
import ProjectionRuntime

/// A funnel along a path of the asker's own: how many deals came how far (READ_MODELS 2).
///
/// A deal takes a step by entering the stage, or by being won or lost. The window is measured from the first entry
/// into the first stage, whatever the step.
struct PathQuery: Sendable {
    /// How the steps have to follow each other.
    enum Order: String, CaseIterable, Sendable {
        /// Each at or after the one before; others may come between.
        case ordered
        /// Each the very next thing after the one before.
        case strict
        /// In any order, also before the first step.
        case any
    }

    /// Steps of one path, and excluded steps, at most.
    static let stepCountMax = 32
    /// Days of a window, at most: 100 years.
    static let dayCountMax: Int64 = 36_525

    /// Stage ids, or the words `won` and `lost`.
    let steps: [String]
    let order: Order
    /// Milliseconds from the first step, included; `nil` without a window.
    let window: Int64?
    /// What takes a deal out of the whole funnel when it comes between the earliest and the latest of its steps.
    let excluded: Set<String>

    init(_ parameters: ViewParameters) throws(ViewError) {
        guard let steps = try parameters.steps("steps") else { throw ViewParameters.badSteps("steps") }
        self.steps = steps
        order = try parameters.word("order", default: .ordered)
        excluded = Set(try parameters.steps("exclude") ?? [])
        let days = try parameters.integer("within_days")
        guard days.map({ (0...Self.dayCountMax).contains($0) }) ?? true else {
            throw .badParameter(name: "within_days", found: "out of range", allowed: "0 to \(Self.dayCountMax)")
        }
        window = days.map { $0 * Timestamp.millisecondsPerDay }
    }

    /// Something that a deal did and a path can name.
    private struct Mark {
        let word: String
        let time: Int64
        var isClose = false
    }

    /// How many steps of the path a deal took; `nil` for a deal that an excluded one removes.
    ///
    /// What a deal did before or after the time of the question counts as little as what it did in other pipelines.
    func depth(of deal: PlacedDeal, in query: FunnelQuery) -> Int? {
        let marks = Self.marks(of: deal, in: query)
        guard let first = marks.firstIndex(where: { $0.word == steps[0] }) else { return 0 }
        let inTime = marks.map { mark in
            window.map { elapsed(from: marks[first].time, to: mark.time) <= $0 } ?? true
        }
        let taken =
            switch order {
            case .ordered: ordered(marks, inTime, from: first)
            case .strict: strict(marks, inTime)
            case .any: any(marks, from: marks[first].time, first)
            }
        // Where the last step was never taken, everything up to the end of the window lies between.
        let end = taken.count == steps.count ? taken.max() ?? first : marks.endIndex
        let start = taken.min() ?? first
        let between = marks.indices.filter { $0 > start && $0 < end && inTime[$0] && !taken.contains($0) }
        return between.contains { excluded.contains(marks[$0].word) } ? nil : taken.count
    }

    /// The marks of the steps taken, others between them.
    private func ordered(_ marks: [Mark], _ inTime: [Bool], from first: Int) -> [Int] {
        var taken: [Int] = []
        for index in marks.indices[first...] where taken.count < steps.count && inTime[index] {
            if marks[index].word == steps[taken.count] { taken.append(index) }
        }
        return taken
    }

    /// The longest run of marks that are the steps one after the other; the first of equally long ones.
    private func strict(_ marks: [Mark], _ inTime: [Bool]) -> [Int] {
        var longest: [Int] = []
        for start in marks.indices {
            let run = run(of: marks, inTime, from: start)
            if run.count > longest.count { longest = run }
        }
        return longest
    }

    /// The steps that are taken without another one between them. A close is no stay: where the step is a stage, one
    /// that was taken back is passed over.
    private func run(of marks: [Mark], _ inTime: [Bool], from start: Int) -> [Int] {
        var taken: [Int] = []
        for index in marks.indices[start...] where taken.count < steps.count {
            if marks[index].word == steps[taken.count], inTime[index] {
                taken.append(index)
            } else if taken.isEmpty || !marks[index].isClose {
                break
            }
        }
        return taken
    }

    /// The steps up to the first one that the deal never took within the window to either side.
    private func any(_ marks: [Mark], from start: Int64, _ first: Int) -> [Int] {
        var taken = [first]
        for step in steps.dropFirst() {
            let found = marks.indices.first { index in
                let distance = max(
                    elapsed(from: start, to: marks[index].time), elapsed(from: marks[index].time, to: start))
                return marks[index].word == step && !taken.contains(index) && distance <= window ?? .max
            }
            guard let found else { break }
            taken.append(found)
        }
        return taken
    }

    /// Entries and closes in revision order.
    private static func marks(of deal: PlacedDeal, in query: FunnelQuery) -> [Mark] {
        var marks: [Mark] = []
        for (index, placed) in deal.stays.enumerated() {
            let stay = placed.stay
            if query.selects(placed) { marks.append(Mark(word: stay.stage, time: stay.enter)) }
            // Where the deal went on in another pipeline, the next stay here is not the very next.
            if let next = placed.next, index + 1 < deal.stays.count, deal.stays[index + 1].stage != next {
                marks.append(Mark(word: "", time: stay.exit ?? stay.enter))
            }
            let closedAt = stay.exit ?? stay.enter
            guard query.view == .cohort || query.view == .activity && query.period.contains(closedAt) else { continue }
            switch stay.end {
            case .won: marks.append(Mark(word: DealState.won.rawValue, time: closedAt, isClose: true))
            case .lost: marks.append(Mark(word: DealState.lost.rawValue, time: closedAt, isClose: true))
            case .changed, nil: break
            }
        }
        return marks
    }

    /// The steps with the deals that took them.
    func json(_ counts: PathCounts) -> JSON {
        var deals = [Int](repeating: 0, count: steps.count)
        for (depth, count) in counts.dealsByDepth.enumerated() {
            for step in 0..<min(depth, steps.count) { deals[step] += count }
        }
        return .array(
            deals.indices.map { step in
                [
                    "step": .text(steps[step]), "deals": .from(deals[step]),
                    "from_first": Figures.rate(deals[step], of: deals[0]),
                    "from_previous": Figures.rate(deals[step], of: deals[max(0, step - 1)]),
                ]
            })
    }
}

/// How many deals came how far along a path.
struct PathCounts {
    /// The number of deals that took 0, 1, 2 … steps.
    private(set) var dealsByDepth: [Int] = []
    /// The number of deals that an excluded step removed.
    private(set) var excluded = 0

    mutating func add(_ depth: Int?) {
        guard let depth else {
            excluded += 1
            return
        }
        if dealsByDepth.count <= depth {
            dealsByDepth += [Int](repeating: 0, count: depth + 1 - dealsByDepth.count)
        }
        dealsByDepth[depth] += 1
    }
}

extension ViewParameters {
    /// A list of stage ids, `won` or `lost`, with commas between; `nil` when absent.
    fileprivate func steps(_ name: String) throws(ViewError) -> [String]? {
        guard let text = try text(name) else { return nil }
        let steps = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard !steps.contains(""), steps.count <= PathQuery.stepCountMax else { throw Self.badSteps(name) }
        return steps
    }

    fileprivate static func badSteps(_ name: String) -> ViewError {
        .badParameter(
            name: name, found: "not a list of steps",
            allowed: "1 to \(PathQuery.stepCountMax) stage ids, 'won' or 'lost', with commas between")
    }
}
