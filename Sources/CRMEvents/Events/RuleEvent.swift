/// What happened to the rules.
public enum RuleEvent: Sendable {
    /// A rule came into force.
    case published(Published)
}

extension RuleEvent {
    /// `rule.published`.
    public struct Published: Hashable, Sendable {
        public let ruleID: String
        /// For example `pipeline`.
        public let kind: String
        public let version: Int64
        /// Milliseconds since 1970 in UTC.
        public let effectiveFrom: Int64
        /// The stages in the order of publication, for a pipeline; empty for any other kind.
        public let stages: [PipelineStage]

        init(_ data: DataReader) throws(UndecodableEvent) {
            ruleID = try data.text("rule_id")
            kind = try data.text("kind")
            version = try data.integer("version")
            effectiveFrom = try data.integer("effective_from")
            guard kind == "pipeline" else {
                stages = []
                return
            }
            stages = try data.object("body").requiredObjects("stages") { stage throws(UndecodableEvent) in
                try PipelineStage(stage)
            }
        }
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

    init(_ data: DataReader) throws(UndecodableEvent) {
        stageID = try data.text("stage_id")
        ordinal = try data.integer("ordinal")
        name = try data.optionalText("name")
        probability = try data.optionalInteger("probability")
        targetDuration = try data.optionalInteger("target_duration")
    }
}
