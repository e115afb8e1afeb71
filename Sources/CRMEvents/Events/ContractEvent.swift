// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `contract`.
public enum ContractEvent: Sendable {
    /// A contract was drafted.
    case drafted(Drafted)
    /// A contract went out to those who sign it.
    case sentForSignature(SentForSignature)
    /// Somebody signed a contract.
    case signed(Signed)
    /// A contract came into force.
    case activated(Activated)
    /// The parties changed a contract.
    case amended(Amended)
    /// A contract was extended.
    case renewed(Renewed)
    /// A contract expired, or was terminated or cancelled.
    case ended(Ended)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "contract.drafted": { .contract(.drafted(.init(view: $0))) },
        "contract.sent_for_signature": { .contract(.sentForSignature(.init(view: $0))) },
        "contract.signed": { .contract(.signed(.init(view: $0))) },
        "contract.activated": { .contract(.activated(.init(view: $0))) },
        "contract.amended": { .contract(.amended(.init(view: $0))) },
        "contract.renewed": { .contract(.renewed(.init(view: $0))) },
        "contract.ended": { .contract(.ended(.init(view: $0))) },
    ]
}

extension ContractEvent {
    /// `contract.drafted`.
    public struct Drafted: Sendable {
        let view: DataFields
        public var contractID: String { view.text(2) }
        public var number: String { view.text(7) }
        /// `sales`, `supplier`, `lease`, `service`, `nda`.
        public var kind: String { view.text(5) }
        /// Each: A party's stream name, such as `account-42`.
        public var partyIDs: [String] { view.texts(9) }
        public var templateID: String? { view.optionalText(12) }
        public var templateVersion: Int64? { view.optionalInteger(13) }
        /// In minor units.
        public var amount: Int64? { view.optionalInteger(0) }
        /// ISO 4217.
        public var currency: String? { view.optionalText(3) }
        /// A civil date, `YYYY-MM-DD`.
        public var startDate: String { view.text(11) }
        /// A civil date, `YYYY-MM-DD`.
        public var endDate: String? { view.optionalText(4) }
        /// Absent means false.
        public var autoRenew: Bool { view.boolean(1) }
        public var noticeDays: Int64? { view.optionalInteger(6) }
        public var quoteID: String? { view.optionalText(10) }
        public var opportunityID: String? { view.optionalText(8) }
    }
}

extension ContractEvent {
    /// `contract.sent_for_signature`.
    public struct SentForSignature: Sendable {
        let view: DataFields
        public var provider: String { view.text(2) }
        public var envelopeRef: String { view.text(1) }
        public var documentSha256: String { view.text(0) }
        public var signers: [Signer] { view.objects(3, Signer.table).map(Signer.init(view:)) }

        /// What stands in `signers`.
        public struct Signer: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("contract.sent_for_signature", "signers")
            public var contactID: String? { view.optionalText(0) }
            public var order: Int64? { view.optionalInteger(1) }
        }
    }
}

extension ContractEvent {
    /// `contract.signed`.
    public struct Signed: Sendable {
        let view: DataFields
        public var signerContactID: String { view.text(4) }
        public var certificateRef: String { view.text(1) }
        /// Milliseconds since 1970 in UTC.
        public var signedAt: Int64 { view.integer(3) }
        public var documentSha256: String { view.text(2) }
        /// Absent means false.
        public var allSigned: Bool { view.boolean(0) }
    }
}

extension ContractEvent {
    /// `contract.activated`.
    public struct Activated: Sendable {
        let view: DataFields
        /// A civil date, `YYYY-MM-DD`.
        public var effectiveDate: String { view.text(0) }
    }
}

extension ContractEvent {
    /// `contract.amended`.
    public struct Amended: Sendable {
        let view: DataFields
        public var amendmentNo: Int64 { view.integer(0) }
        public var changes: [FieldChange] { view.objects(1, .change).map(FieldChange.init) }
        public var documentSha256: String? { view.optionalText(2) }
    }
}

extension ContractEvent {
    /// `contract.renewed`.
    public struct Renewed: Sendable {
        let view: DataFields
        /// A civil date, `YYYY-MM-DD`.
        public var newEndDate: String { view.text(1) }
        /// In minor units.
        public var newAmount: Int64? { view.optionalInteger(0) }
    }
}

extension ContractEvent {
    /// `contract.ended`.
    public struct Ended: Sendable {
        let view: DataFields
        /// `expired`, `terminated`, `cancelled`.
        public var outcome: String { view.text(1) }
        public var reason: String? { view.optionalText(2) }
        /// A civil date, `YYYY-MM-DD`.
        public var effectiveDate: String { view.text(0) }
    }
}
