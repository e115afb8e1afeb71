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
    mutating func place(_ stays: some RandomAccessCollection<Stay>) -> [PlacedStay] {
        let stays = Array(stays)
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
    private(set) var exits: [StayExit: Int] = [:]
    /// Milliseconds of the stays that ended.
    private(set) var durations: [Int64] = []

    /// Counts one stay.
    mutating func count(_ placed: PlacedStay) {
        visits += 1
        exits[placed.exit, default: 0] += 1
        if let duration = placed.stay.duration { durations.append(duration) }
    }

    /// How many stays ended in one way, or last.
    func count(of exit: StayExit) -> Int { exits[exit, default: 0] }

    /// The figures of one stage. Who asks for `strict` gets the entered deals as `reached`.
    ///
    /// - Throws: ``ViewError/corruptRow(_:)`` when the stays don't balance, which no fold can cause.
    func json(_ entry: StageTable.Entry, _ reach: Reach) throws(ViewError) -> JSON {
        let ended = exits.values.reduce(0, +)
        guard visits == ended, visits == durations.count + count(of: .open) else {
            throw .corruptRow(
                "stage '\(entry.stage)': \(visits) stays began, \(ended) ended or last, \(durations.count) are settled")
        }
        let ascending = durations.sorted()
        var members: JSON.Members = [
            "ordinal": .from(entry.ordinal), "visits": .from(visits), "entered": .from(entered),
            "exited": .from(exited), "reached": .from(reach == .strict ? entered : reached),
            "settled": .from(ascending.count),
            "p50_ms": .from(Figures.nearestRank(50, of: ascending)),
            "p90_ms": .from(Figures.nearestRank(90, of: ascending)),
        ]
        for exit in StayExit.allCases { members[exit.rawValue] = .from(count(of: exit)) }
        return .object(members)
    }
}
