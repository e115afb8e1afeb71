/// The stages of all pipelines by number, so that a report counts in arrays.
///
/// Published stages come first. A stage that a deal visited although no pipeline lists it is added on
/// sight, without an ordinal: its visits count, and only the recorded direction can judge its exits.
struct StageTable {
    /// A stage of a pipeline.
    struct Entry: Equatable {
        let pipeline: String
        let stage: String
        /// `nil` when the pipeline doesn't list the stage.
        let ordinal: Int64?
        /// The published chance of a win from here, in basis points.
        var probability: Int64?
        /// Whether the version in force lists the stage, rather than an older one or none.
        let isCurrent: Bool
    }

    private(set) var entries: [Entry] = []
    /// How many entries are published; these come first, so that work per deal stays bounded by them.
    private(set) var listedCount = 0
    /// The version in force of each published pipeline.
    private(set) var versions: [String: Int64] = [:]
    private var numbers: [String: [String: Int]] = [:]
    private var homes: [String: Int] = [:]

    /// Where a deal stands whose pipeline nobody named.
    static let unknownPipeline = "unknown"

    /// Takes the rows in the order of their ids.
    ///
    /// In force is the newest version whose effective time is not past the moment; the oldest when all
    /// lie ahead, since ordinals are needed in any case. Stages that only other versions list keep the
    /// ordinal of the newest of these.
    init(_ pipelines: [(id: String, row: PipelineRow)], at moment: Int64?, through position: Int64? = nil) {
        for (id, row) in pipelines {
            let known = row.versions(through: position)
            let inForce = known.last { $0.effectiveFrom <= moment ?? .max } ?? known.first
            guard let inForce else { continue }
            versions[id] = inForce.version
            let others = known.reversed().filter { $0.version != inForce.version }
            for version in [inForce] + others {
                for listed in version.stages where numbers[id]?[listed.stage] == nil {
                    add(
                        Entry(
                            pipeline: id, stage: listed.stage, ordinal: listed.ordinal,
                            probability: listed.probability, isCurrent: version.version == inForce.version))
                }
            }
        }
        listedCount = entries.count
        for number in entries.indices where homes[entries[number].stage] == nil {
            homes[entries[number].stage] = number
        }
    }

    /// The number of a stage in a pipeline; where nobody named one, in the first that lists the stage.
    mutating func number(of stage: String, in pipeline: String?) -> Int {
        if pipeline == nil, let number = homes[stage] { return number }
        let pipeline = pipeline ?? Self.unknownPipeline
        if let number = numbers[pipeline]?[stage] { return number }
        add(Entry(pipeline: pipeline, stage: stage, ordinal: nil, isCurrent: false))
        return entries.endIndex - 1
    }

    /// Whether the second stage is a next one of the first: the same pipeline, the ordinal one higher.
    func isNext(_ next: Int, after number: Int) -> Bool {
        let (first, second) = (entries[number], entries[next])
        guard first.pipeline == second.pipeline, let low = first.ordinal, let high = second.ordinal else {
            return false
        }
        return low < high && high - 1 == low
    }

    /// How a change from one stage to another counts. Ordinals decide; the recorded word where there are none.
    func exit(from number: Int, to next: Int, recorded direction: StageDirection) -> StayExit {
        let (old, new) = (entries[number], entries[next])
        guard old.pipeline == new.pipeline else { return .moved }
        guard let low = old.ordinal, let high = new.ordinal else {
            switch direction {
            case .forward: return .advanced
            case .backward: return .regressed
            case .lateral: return .lateral
            case .pipelineMove: return .moved
            }
        }
        return low < high ? .advanced : low > high ? .regressed : .lateral
    }

    private mutating func add(_ entry: Entry) {
        numbers[entry.pipeline, default: [:]][entry.stage] = entries.endIndex
        entries.append(entry)
    }
}

/// How a stay ended, or that it did not.
enum StayExit: String, CaseIterable, Sendable {
    case advanced, regressed, lateral, moved, won, lost, open
}
