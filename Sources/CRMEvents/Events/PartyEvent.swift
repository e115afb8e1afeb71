// Made by `rapport catalog swift` from the definitions: change those.

public import CanonicalJSON

/// The events of the group `party`.
public enum PartyEvent: Sendable {
    /// Tags were put on a record or taken off it.
    case tagChanged(TagChanged)
    /// A party turned out to be known under another identifier.
    case identityLinked(IdentityLinked)
    /// Several parties look like one and the same.
    case duplicateDetected(DuplicateDetected)
    /// Somebody decided whether several parties are one and the same.
    case duplicateReviewed(DuplicateReviewed)
    /// Several parties became one.
    case merged(Merged)
    /// Parties that were merged by mistake stand alone again.
    case unmerged(Unmerged)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "tag.changed": { .party(.tagChanged(.init(view: $0))) },
        "identity.linked": { .party(.identityLinked(.init(view: $0))) },
        "party.duplicate_detected": { .party(.duplicateDetected(.init(view: $0))) },
        "party.duplicate_reviewed": { .party(.duplicateReviewed(.init(view: $0))) },
        "party.merged": { .party(.merged(.init(view: $0))) },
        "party.unmerged": { .party(.unmerged(.init(view: $0))) },
    ]
}

extension PartyEvent {
    /// `tag.changed`.
    public struct TagChanged: Sendable {
        let view: DataFields
        public var targetType: String { view.text(3) }
        public var targetID: String { view.text(2) }
        public var added: [String] { view.texts(0) }
        public var removed: [String] { view.texts(1) }
    }
}

extension PartyEvent {
    /// `identity.linked`.
    ///
    /// Personal, in ``CRMEvent/personal``: `value`.
    public struct IdentityLinked: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(2) }
        /// `anonymous_id`, `user_id`, `email`, `phone`, `device`, `open_id`.
        public var kind: String { view.text(1) }
        /// In basis points: 10,000 is the whole.
        public var confidence: Int64 { view.integer(0) }
        public var source: String { view.text(3) }
    }
}

extension PartyEvent {
    /// `party.duplicate_detected`.
    public struct DuplicateDetected: Sendable {
        let view: DataFields
        /// Each: A party's stream name, such as `account-42`.
        public var candidateIDs: [String] { view.texts(0) }
        /// In basis points: 10,000 is the whole.
        public var score: Int64 { view.integer(4) }
        public var ruleID: String { view.text(2) }
        public var ruleVersion: Int64 { view.integer(3) }
        public var evidence: [Evidence] { view.objects(1, Evidence.table).map(Evidence.init(view:)) }

        /// What stands in `evidence`.
        public struct Evidence: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("party.duplicate_detected", "evidence")
            public var field: String? { view.optionalText(0) }
            /// In basis points: 10,000 is the whole.
            public var similarity: Int64? { view.optionalInteger(1) }
        }
    }
}

extension PartyEvent {
    /// `party.duplicate_reviewed`.
    public struct DuplicateReviewed: Sendable {
        let view: DataFields
        /// Each: A party's stream name, such as `account-42`.
        public var candidateIDs: [String] { view.texts(0) }
        /// `merge`, `distinct`, `defer`.
        public var decision: String { view.text(1) }
        public var reviewerID: String { view.text(2) }
    }
}

extension PartyEvent {
    /// `party.merged`.
    public struct Merged: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var survivingID: String { view.text(4) }
        /// Each: A party's stream name, such as `account-42`.
        public var mergedIDs: [String] { view.texts(1) }
        public var fieldChoices: JSON { view.json(0) }
        /// `manual`, `rule`.
        public var method: String { view.text(2) }
        public var ruleVersion: Int64? { view.optionalInteger(3) }
    }
}

extension PartyEvent {
    /// `party.unmerged`.
    public struct Unmerged: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var survivingID: String { view.text(2) }
        /// Each: A party's stream name, such as `account-42`.
        public var restoredIDs: [String] { view.texts(1) }
        public var reason: String { view.text(0) }
    }
}
