import CanonicalJSON
import ProjectionRuntime

/// A stay with its stage as a number of the stage table, and how it counts.
struct PlacedStay: Equatable {
    let stay: Stay
    let stage: Int
    let exit: StayExit
    /// The stage that a change led to; `nil` for a close and while the stay lasts.
    let next: Int?
}

extension StageTable {
    /// Places the stays of one deal. Exits are judged before any stay is left out of a report.
    mutating func place(_ stays: [Stay]) -> [PlacedStay] {
        let numbers = stays.map { number(of: $0.stage, in: $0.pipeline) }
        return stays.indices.map { index in
            let (stay, stage) = (stays[index], numbers[index])
            switch stay.end {
            case .changed(let direction):
                let next = index + 1 < numbers.endIndex ? numbers[index + 1] : stage
                let exit = exit(from: stage, to: next, recorded: direction)
                return PlacedStay(stay: stay, stage: stage, exit: exit, next: next)
            case .won: return PlacedStay(stay: stay, stage: stage, exit: .won, next: nil)
            case .lost: return PlacedStay(stay: stay, stage: stage, exit: .lost, next: nil)
            case nil: return PlacedStay(stay: stay, stage: stage, exit: .open, next: nil)
            }
        }
    }
}

/// What is counted of one stage.
struct StageCounts {
    /// Stays.
    var visits = 0
    /// Distinct deals with a stay, and with a stay that ended.
    var entered = 0
    var exited = 0
    /// Distinct deals whose highest ordinal in the pipeline is at least this stage's: skips count.
    var reached = 0
    /// Stays by how they ended.
    var exits: [StayExit: Int] = [:]
    /// Milliseconds of the stays that ended.
    var durations: [Int64] = []

    /// The figures of one stage.
    ///
    /// - Throws: ``ViewError/corruptRow(_:)`` when the stays don't balance, which no fold can cause.
    func json(_ entry: StageTable.Entry) throws(ViewError) -> JSON {
        guard visits == exits.values.reduce(0, +), visits == durations.count + exits[.open, default: 0] else {
            throw .corruptRow("stage '\(entry.stage)': \(visits) stays began and another number ended or lasts")
        }
        let ascending = durations.sorted()
        var members: [String: JSON] = [
            "ordinal": .from(entry.ordinal), "visits": .from(visits), "entered": .from(entered),
            "exited": .from(exited), "reached": .from(reached), "settled": .from(ascending.count),
            "p50_ms": .from(Figures.nearestRank(50, of: ascending)),
            "p90_ms": .from(Figures.nearestRank(90, of: ascending)),
        ]
        for exit in StayExit.allCases { members[exit.rawValue] = .from(exits[exit, default: 0]) }
        return .object(members)
    }
}
