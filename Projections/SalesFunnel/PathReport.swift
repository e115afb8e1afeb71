import CanonicalJSON
import EventModel
import ProjectionRuntime

/// An ordered funnel along a path of the asker's own: how many deals came how far (READ_MODELS 2).
///
/// A deal takes a step by entering the stage, or by being won or lost, at or after the step before;
/// other stages may come between. The window is measured from the first entry into the first stage.
struct PathQuery: Sendable {
    /// Steps of one path, at most.
    static let stepCountMax = 32
    /// Days of a window, at most: 100 years.
    static let dayCountMax: Int64 = 36_525

    /// Stage ids, or the words `won` and `lost`.
    let steps: [String]
    /// Milliseconds from the first step, included; `nil` without a window.
    let window: Int64?

    init(_ parameters: ViewParameters) throws(ViewError) {
        let text = try parameters.text("steps") ?? ""
        steps = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard !text.isEmpty, !steps.contains(""), steps.count <= Self.stepCountMax else {
            throw .badParameter(
                name: "steps", found: "not a list of steps",
                allowed: "1 to \(Self.stepCountMax) stage ids, 'won' or 'lost', with commas between")
        }
        let days = try parameters.integer("within_days")
        guard days.map({ (0...Self.dayCountMax).contains($0) }) ?? true else {
            throw .badParameter(name: "within_days", found: "out of range", allowed: "0 to \(Self.dayCountMax)")
        }
        window = days.map { $0 * Timestamp.millisecondsPerDay }
    }

    /// How many steps of the path a deal took.
    func depth(of deal: DealHistory) -> Int {
        var depth = 0
        var start: Int64?
        for (word, time) in Self.marks(of: deal) where depth < steps.count && word == steps[depth] {
            if let start, let window, time - start > window { continue }
            if start == nil { start = time }
            depth += 1
        }
        return depth
    }

    /// Entries and closes in revision order.
    private static func marks(of deal: DealHistory) -> [(word: String, time: Int64)] {
        deal.stays.flatMap { stay in
            let entry = (word: stay.stage, time: stay.enter)
            return switch stay.end {
            case .won: [entry, (word: DealState.won.rawValue, time: stay.exit ?? stay.enter)]
            case .lost: [entry, (word: DealState.lost.rawValue, time: stay.exit ?? stay.enter)]
            case .changed, nil: [entry]
            }
        }
    }

    /// The steps with the deals that took them, from the number of deals per depth.
    func json(_ dealsByDepth: [Int]) -> JSON {
        var counts = [Int](repeating: 0, count: steps.count)
        for (depth, deals) in dealsByDepth.enumerated() {
            for step in 0..<min(depth, steps.count) { counts[step] += deals }
        }
        return .array(
            counts.indices.map { step in
                [
                    "step": .text(steps[step]), "deals": .from(counts[step]),
                    "from_first": Figures.rate(counts[step], of: counts[0]),
                    "from_previous": Figures.rate(counts[step], of: counts[max(0, step - 1)]),
                ]
            })
    }
}
