// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `operations`.
public enum OperationsEvent: Sendable {
    /// An import of records began.
    case importStarted(ImportStarted)
    /// A line of an import was refused.
    case importRowRejected(ImportRowRejected)
    /// An import came to its end.
    case importCompleted(ImportCompleted)
    /// What an import appended was compensated.
    case importRolledBack(ImportRolledBack)
    /// A connector sent or fetched a record.
    case syncAttempted(SyncAttempted)
    /// A record changed on both sides of a connector.
    case syncConflictDetected(SyncConflictDetected)
    /// An earlier event said something wrong, and this is what it should have said.
    case eventCorrected(EventCorrected)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "import.started": { .operations(.importStarted(.init(view: $0))) },
        "import.row_rejected": { .operations(.importRowRejected(.init(view: $0))) },
        "import.completed": { .operations(.importCompleted(.init(view: $0))) },
        "import.rolled_back": { .operations(.importRolledBack(.init(view: $0))) },
        "sync.attempted": { .operations(.syncAttempted(.init(view: $0))) },
        "sync.conflict_detected": { .operations(.syncConflictDetected(.init(view: $0))) },
        "event.corrected": { .operations(.eventCorrected(.init(view: $0))) },
    ]
}

extension OperationsEvent {
    /// `import.started`.
    public struct ImportStarted: Sendable {
        let view: DataFields
        public var importID: String { view.text(1) }
        public var source: String { view.text(5) }
        /// `full`, `incremental`, `trial`.
        public var mode: String { view.text(3) }
        public var fileSha256: String { view.text(0) }
        public var rowCount: Int64 { view.integer(4) }
        public var mappingVersion: Int64 { view.integer(2) }
    }
}

extension OperationsEvent {
    /// `import.row_rejected`.
    public struct ImportRowRejected: Sendable {
        let view: DataFields
        public var importID: String { view.text(2) }
        public var line: Int64 { view.integer(3) }
        public var code: String { view.text(0) }
        public var detail: String? { view.optionalText(1) }
    }
}

extension OperationsEvent {
    /// `import.completed`.
    public struct ImportCompleted: Sendable {
        let view: DataFields
        public var accepted: Int64 { view.integer(0) }
        public var rejected: Int64 { view.integer(2) }
        public var controlTotals: JSON { view.json(1) }
        public var sampleSha256: String { view.text(3) }
    }
}

extension OperationsEvent {
    /// `import.rolled_back`.
    public struct ImportRolledBack: Sendable {
        let view: DataFields
        public var reason: String { view.text(1) }
        public var compensatedRange: CompensatedRange? {
            view.object(0, CompensatedRange.table).map(CompensatedRange.init(view:))
        }

        /// What stands in `compensated_range`.
        public struct CompensatedRange: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("import.rolled_back", "compensated_range")
            public var from: Int64? { view.optionalInteger(0) }
            public var to: Int64? { view.optionalInteger(1) }
        }
    }
}

extension OperationsEvent {
    /// `sync.attempted`.
    public struct SyncAttempted: Sendable {
        let view: DataFields
        public var connector: String { view.text(2) }
        /// `in`, `out`.
        public var direction: String { view.text(3) }
        /// The id of an event, or its source, one space and its id.
        public var causeEventID: String { view.text(1) }
        /// `ok`, `retry`, `failed`.
        public var outcome: String { view.text(5) }
        public var attempt: Int64 { view.integer(0) }
        public var remoteID: String? { view.optionalText(6) }
        public var latencyMs: Int64? { view.optionalInteger(4) }
    }
}

extension OperationsEvent {
    /// `sync.conflict_detected`.
    public struct SyncConflictDetected: Sendable {
        let view: DataFields
        public var connector: String { view.text(0) }
        public var entity: String { view.text(1) }
        public var id: String { view.text(2) }
        public var localVersion: String? { view.optionalText(3) }
        public var remoteVersion: String? { view.optionalText(4) }
        /// `local`, `remote`, `manual`.
        public var resolution: String? { view.optionalText(5) }
    }
}

extension OperationsEvent {
    /// `event.corrected`.
    public struct EventCorrected: Sendable {
        let view: DataFields
        /// The id of an event, or its source, one space and its id.
        public var correctsEventID: String { view.text(2) }
        public var changes: [FieldChange] { view.objects(1, .change).map(FieldChange.init) }
        public var reason: String { view.text(3) }
        public var approvedBy: String? { view.optionalText(0) }
    }
}
