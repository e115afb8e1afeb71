// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `privacy`.
public enum PrivacyEvent: Sendable {
    /// A party allowed a use of its data on a channel.
    case consentGranted(ConsentGranted)
    /// A party took back, or refused from the start, a use of its data on a channel.
    case consentWithdrawn(ConsentWithdrawn)
    /// A person asked for their data, or for its correction or erasure.
    case requestReceived(RequestReceived)
    /// The keys of a person were destroyed, and what they sealed cannot be read again.
    case subjectErased(SubjectErased)
    /// Somebody read, exported or searched a record, or was denied it.
    case recordAccessed(RecordAccessed)
    /// An erasure took one of its later steps.
    case erasureAdvanced(ErasureAdvanced)
    /// A legal hold on a purpose began or ended.
    case holdChanged(HoldChanged)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "consent.granted": { .privacy(.consentGranted(.init(view: $0))) },
        "consent.withdrawn": { .privacy(.consentWithdrawn(.init(view: $0))) },
        "privacy.request_received": { .privacy(.requestReceived(.init(view: $0))) },
        "privacy.subject_erased": { .privacy(.subjectErased(.init(view: $0))) },
        "record.accessed": { .privacy(.recordAccessed(.init(view: $0))) },
        "privacy.erasure_advanced": { .privacy(.erasureAdvanced(.init(view: $0))) },
        "privacy.hold_changed": { .privacy(.holdChanged(.init(view: $0))) },
    ]
}

extension PrivacyEvent {
    /// `consent.granted`.
    public struct ConsentGranted: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(4) }
        public var purpose: String { view.text(5) }
        /// `email`, `sms`, `call`, `wechat`, `post`, `profiling`.
        public var channel: String { view.text(0) }
        /// `consent`, `contract`, `legitimate_interest`, `legal_obligation`.
        public var legalBasis: String { view.text(3) }
        public var textVersion: String { view.text(6) }
        public var evidence: String { view.text(1) }
        /// Milliseconds since 1970 in UTC.
        public var expiresAt: Int64? { view.optionalInteger(2) }
    }
}

extension PrivacyEvent {
    /// `consent.withdrawn`.
    public struct ConsentWithdrawn: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(1) }
        public var purpose: String { view.text(2) }
        /// `email`, `sms`, `call`, `wechat`, `post`, `profiling`.
        public var channel: String { view.text(0) }
        /// `subject`, `operator`, `bounce`, `expiry`.
        public var trigger: String { view.text(3) }
    }
}

extension PrivacyEvent {
    /// `privacy.request_received`.
    public struct RequestReceived: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(3) }
        /// `access`, `erase`, `rectify`, `port`, `object`.
        public var kind: String { view.text(2) }
        /// Milliseconds since 1970 in UTC.
        public var dueAt: Int64 { view.integer(1) }
        public var channel: String { view.text(0) }
    }
}

extension PrivacyEvent {
    /// `privacy.subject_erased`.
    public struct SubjectErased: Sendable {
        let view: DataFields
        /// Each: A party's stream name, such as `account-42`.
        public var partyIDs: [String] { view.texts(5) }
        public var purposes: [String] { view.texts(6) }
        public var keyIDs: [String] { view.texts(2) }
        public var keyFingerprints: [String] { view.texts(1) }
        public var scope: String { view.text(8) }
        public var legalBasis: String { view.text(3) }
        /// The id of an event, or its source, one space and its id.
        public var requestEventID: String? { view.optionalText(7) }
        public var approverID: String { view.text(0) }
        public var legalHoldExceptions: [LegalHoldException] {
            view.objects(4, LegalHoldException.table).map(LegalHoldException.init(view:))
        }

        /// What stands in `legal_hold_exceptions`.
        public struct LegalHoldException: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("privacy.subject_erased", "legal_hold_exceptions")
            public var purpose: String? { view.optionalText(1) }
            public var code: String? { view.optionalText(0) }
        }
    }
}

extension PrivacyEvent {
    /// `record.accessed`.
    public struct RecordAccessed: Sendable {
        let view: DataFields
        public var targetType: String { view.text(6) }
        public var targetID: String { view.text(5) }
        /// `read`, `export`, `search`.
        public var action: String { view.text(0) }
        public var fields: [String] { view.texts(2) }
        /// `allowed`, `denied`.
        public var decision: String { view.text(1) }
        public var purpose: String? { view.optionalText(3) }
        public var rowCount: Int64? { view.optionalInteger(4) }
    }
}

extension PrivacyEvent {
    /// `privacy.erasure_advanced`.
    public struct ErasureAdvanced: Sendable {
        let view: DataFields
        /// The id of an event, or its source, one space and its id.
        public var erasureEventID: String { view.text(1) }
        /// `physical`, `final`.
        public var stage: String { view.text(3) }
        public var keyStoreGeneration: Int64 { view.integer(2) }
        /// A civil date, `YYYY-MM-DD`.
        public var backupsEndOn: String? { view.optionalText(0) }
    }
}

extension PrivacyEvent {
    /// `privacy.hold_changed`.
    public struct HoldChanged: Sendable {
        let view: DataFields
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(2) }
        public var purpose: String { view.text(3) }
        /// Absent means false.
        public var held: Bool { view.boolean(1) }
        public var basis: String { view.text(0) }
        /// A civil date, `YYYY-MM-DD`.
        public var until: String? { view.optionalText(4) }
    }
}
