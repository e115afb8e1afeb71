public import EventModel

/// Why a recorded event cannot be decoded. The catalog refuses such events, so the log was written around it.
public struct UndecodableEvent: ExplainedError, Hashable {
    /// What is wrong with the field.
    public enum Problem: Hashable, Sendable {
        /// The data as a whole is no JSON object in the log's strict form.
        case notAnObject
        /// A required field is missing.
        case missing
        /// The field holds another kind of value.
        case wrongKind
    }

    /// Where the event stands.
    public let position: Position
    /// Its catalog name.
    public let type: String
    /// The field; `data` or `personal` for the whole.
    public let field: String
    /// What is wrong with it.
    public let problem: Problem

    public var code: ErrorCode { .corrupt }

    public var description: String {
        let found =
            switch problem {
            case .notAnObject: "is not a JSON object"
            case .missing: "is missing"
            case .wrongKind: "holds another kind of value than the catalog says"
            }
        return "\(type) at position \(position) cannot be decoded: \(field) \(found). "
            + "Projections stop before it, because skipping it would make their answers wrong in silence. "
            + "Check the log, and rebuild with a build whose catalog knows this event."
    }
}
