// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `system`.
public enum SystemEvent: Sendable {
    /// The log's root hash was signed and kept outside.
    case checkpointAnchored(CheckpointAnchored)
    /// A read model was built again and compared with the live one.
    case replayPerformed(ReplayPerformed)
    /// A day ended: the tick for what must happen after quiet days.
    case clockDayEnded(ClockDayEnded)
    /// Another generation of a read model answers from now on.
    case projectionPromoted(ProjectionPromoted)
    /// The server came up with this build, catalog and configuration.
    case configured(Configured)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "checkpoint.anchored": { .system(.checkpointAnchored(.init(view: $0))) },
        "replay.performed": { .system(.replayPerformed(.init(view: $0))) },
        "clock.day_ended": { .system(.clockDayEnded(.init(view: $0))) },
        "projection.promoted": { .system(.projectionPromoted(.init(view: $0))) },
        "system.configured": { .system(.configured(.init(view: $0))) },
    ]
}

extension SystemEvent {
    /// `checkpoint.anchored`.
    public struct CheckpointAnchored: Sendable {
        let view: DataFields
        public var position: Int64 { view.integer(1) }
        public var rootHash: String { view.text(2) }
        public var treeSize: Int64 { view.integer(8) }
        public var signature: String { view.text(3) }
        public var externalRef: String? { view.optionalText(0) }
        public var streamHeads: String? { view.optionalText(5) }
        public var streamCount: Int64? { view.optionalInteger(4) }
        public var termHeads: String? { view.optionalText(7) }
        public var termCount: Int64? { view.optionalInteger(6) }
    }
}

extension SystemEvent {
    /// `replay.performed`.
    public struct ReplayPerformed: Sendable {
        let view: DataFields
        public var projector: String { view.text(2) }
        public var projectorVersion: Int64 { view.integer(3) }
        public var from: Int64 { view.integer(0) }
        public var to: Int64 { view.integer(5) }
        public var stateHash: String { view.text(4) }
        /// Absent means false.
        public var matchesLive: Bool { view.boolean(1) }
    }
}

extension SystemEvent {
    /// `clock.day_ended`.
    public struct ClockDayEnded: Sendable {
        let view: DataFields
        /// A civil date, `YYYY-MM-DD`.
        public var day: String { view.text(0) }
        public var tz: String { view.text(1) }
    }
}

extension SystemEvent {
    /// `projection.promoted`.
    public struct ProjectionPromoted: Sendable {
        let view: DataFields
        public var projector: String { view.text(3) }
        public var projectorVersion: Int64 { view.integer(4) }
        public var generation: Int64 { view.integer(0) }
        public var previousGeneration: Int64? { view.optionalInteger(2) }
        public var position: Int64 { view.integer(1) }
        public var stateHash: String { view.text(5) }
    }
}

extension SystemEvent {
    /// `system.configured`.
    public struct Configured: Sendable {
        let view: DataFields
        public var buildSha256: String { view.text(0) }
        public var catalogSha256: String { view.text(1) }
        public var configSha256: String { view.text(2) }
    }
}
