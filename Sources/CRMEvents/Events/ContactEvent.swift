// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `contact`.
public enum ContactEvent: Sendable {
    /// A person at a customer became known.
    case created(Created)
    /// A person's record was corrected or enriched.
    case updated(Updated)
    /// A person took a role at an account, in a deal or at a partner, or left it.
    case linked(Linked)
    /// Somebody found out whether an address or a number reaches a person.
    case pointVerified(PointVerified)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "contact.created": { .contact(.created(.init(view: $0))) },
        "contact.updated": { .contact(.updated(.init(view: $0))) },
        "contact.linked": { .contact(.linked(.init(view: $0))) },
        "contact.point_verified": { .contact(.pointVerified(.init(view: $0))) },
    ]
}

extension ContactEvent {
    /// `contact.created`.
    ///
    /// Personal, in ``CRMEvent/personal``: `given_name`, `family_name`, `email`, `phone`, `wechat_id`, `birth_date`.
    public struct Created: Sendable {
        let view: DataFields
        public var contactID: String { view.text(0) }
        public var jobTitle: String? { view.optionalText(1) }
        public var locale: String? { view.optionalText(2) }
    }
}

extension ContactEvent {
    /// `contact.updated`.
    public struct Updated: Sendable {
        let view: DataFields
        public var changes: [FieldChange] { view.objects(0, .change).map(FieldChange.init) }
        /// `edit`, `enrich`, `cleanse`, `sync`.
        public var reason: String? { view.optionalText(1) }
    }
}

extension ContactEvent {
    /// `contact.linked`.
    public struct Linked: Sendable {
        let view: DataFields
        public var contactID: String { view.text(1) }
        /// `account`, `opportunity`, `partner`.
        public var targetType: String { view.text(5) }
        public var targetID: String { view.text(4) }
        public var role: String? { view.optionalText(3) }
        /// Absent means false.
        public var primary: Bool { view.boolean(2) }
        /// Absent means false.
        public var active: Bool { view.boolean(0) }
    }
}

extension ContactEvent {
    /// `contact.point_verified`.
    ///
    /// Personal, in ``CRMEvent/personal``: `value`.
    public struct PointVerified: Sendable {
        let view: DataFields
        public var contactID: String { view.text(0) }
        /// `email`, `phone`, `address`.
        public var kind: String { view.text(1) }
        /// `valid`, `invalid`, `unreachable`, `bounced`.
        public var result: String { view.text(3) }
        public var method: String { view.text(2) }
    }
}
