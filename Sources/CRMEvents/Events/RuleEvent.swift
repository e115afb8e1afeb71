// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `rule`.
public enum RuleEvent: Sendable {
    /// A versioned rule came into force.
    case published(Published)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "rule.published": { .rule(.published(.init(view: $0))) }
    ]
}

extension RuleEvent {
    /// `rule.published`.
    public struct Published: Sendable {
        let view: DataFields
        public var ruleID: String { view.text(3) }
        /// One of the catalog's words.
        public var kind: String { view.text(2) }
        public var version: Int64 { view.integer(5) }
        public var body: JSON { view.json(0) }
        /// Milliseconds since 1970 in UTC.
        public var effectiveFrom: Int64 { view.integer(1) }
        public var supersedes: Int64? { view.optionalInteger(4) }
    }
}
