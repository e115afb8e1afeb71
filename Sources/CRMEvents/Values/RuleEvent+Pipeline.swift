import CanonicalJSON

extension RuleEvent.Published {
    /// The stages in the order of publication, for a pipeline; empty for any other kind.
    public var stages: [PipelineStage] {
        kind == "pipeline" ? (body["stages"]?.elements ?? []).compactMap(PipelineStage.init) : []
    }
}

/// One stage of a published pipeline (CATALOG.md section 6.1).
public struct PipelineStage: Hashable, Sendable {
    public let stageID: String
    /// Its place; stages with equal ordinals are parallel.
    public let ordinal: Int64
    public let name: String?
    /// How probable a win is from here, in basis points.
    public let probability: Int64?
    /// How long a deal should stay, in seconds.
    public let targetDuration: Int64?

    /// Reads a stage; `nil` for what has no id or no place.
    init?(_ stage: JSON) {
        guard let stageID = stage["stage_id"]?.text, let ordinal = stage["ordinal"]?.integer else { return nil }
        self.stageID = stageID
        self.ordinal = ordinal
        name = stage["name"]?.text
        probability = stage["probability"]?.integer
        targetDuration = stage["target_duration"]?.integer
    }
}
