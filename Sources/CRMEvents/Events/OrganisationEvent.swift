// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `organisation`.
public enum OrganisationEvent: Sendable {
    /// A user of the system was set active or disabled.
    case userStatusChanged(UserStatusChanged)
    /// A user was granted roles or lost them.
    case roleChanged(RoleChanged)
    /// A field of this company's own was defined.
    case fieldDefined(FieldDefined)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "user.status_changed": { .organisation(.userStatusChanged(.init(view: $0))) },
        "role.changed": { .organisation(.roleChanged(.init(view: $0))) },
        "field.defined": { .organisation(.fieldDefined(.init(view: $0))) },
    ]
}

extension OrganisationEvent {
    /// `user.status_changed`.
    ///
    /// Personal, in ``CRMEvent/personal``: `name`.
    public struct UserStatusChanged: Sendable {
        let view: DataFields
        public var userID: String { view.text(3) }
        /// `active`, `disabled`.
        public var status: String { view.text(1) }
        public var teamID: String? { view.optionalText(2) }
        public var managerID: String? { view.optionalText(0) }
    }
}

extension OrganisationEvent {
    /// `role.changed`.
    public struct RoleChanged: Sendable {
        let view: DataFields
        public var userID: String { view.text(3) }
        public var granted: [String] { view.texts(0) }
        public var revoked: [String] { view.texts(1) }
        public var scope: String? { view.optionalText(2) }
    }
}

extension OrganisationEvent {
    /// `field.defined`.
    public struct FieldDefined: Sendable {
        let view: DataFields
        public var entity: String { view.text(1) }
        public var field: String { view.text(2) }
        public var type: String { view.text(6) }
        /// Absent means false.
        public var required: Bool { view.boolean(4) }
        /// Absent means false.
        public var personal: Bool { view.boolean(3) }
        public var subjectField: String? { view.optionalText(5) }
        public var unit: String? { view.optionalText(7) }
        /// Absent means false.
        public var deprecated: Bool { view.boolean(0) }
    }
}
