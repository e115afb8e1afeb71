// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `interaction`.
public enum InteractionEvent: Sendable {
    /// A call, meeting, message or visit took place.
    case recorded(Recorded)
    /// A sent e-mail was delivered, opened, clicked, answered or bounced.
    case emailEngaged(EmailEngaged)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "interaction.recorded": { .interaction(.recorded(.init(view: $0))) },
        "email.engaged": { .interaction(.emailEngaged(.init(view: $0))) },
    ]
}

extension InteractionEvent {
    /// `interaction.recorded`.
    ///
    /// Personal, in ``CRMEvent/personal``: `subject`, `body_ref`, `geo`.
    public struct Recorded: Sendable {
        let view: DataFields
        public var interactionID: String { view.text(5) }
        /// `email`, `call`, `meeting`, `sms`, `chat`, `wechat`, `social`, `visit`, `post`, `note`.
        public var channel: String { view.text(1) }
        /// `in`, `out`, `internal`.
        public var direction: String { view.text(2) }
        /// Each: A party's stream name, such as `account-42`.
        public var partyIDs: [String] { view.texts(9) }
        public var opportunityID: String? { view.optionalText(7) }
        public var ticketID: String? { view.optionalText(12) }
        public var campaignID: String? { view.optionalText(0) }
        public var leadID: String? { view.optionalText(6) }
        /// Milliseconds since 1970 in UTC.
        public var startedAt: Int64 { view.integer(10) }
        /// In seconds.
        public var duration: Int64? { view.optionalInteger(3) }
        /// `connected`, `no_answer`, `held`, `cancelled`, `no_show`, `positive`, `negative`, `neutral`.
        public var outcome: String? { view.optionalText(8) }
        public var threadID: String? { view.optionalText(11) }
        public var externalRef: String? { view.optionalText(4) }
    }
}

extension InteractionEvent {
    /// `email.engaged`.
    public struct EmailEngaged: Sendable {
        let view: DataFields
        public var messageID: String { view.text(3) }
        /// A party's stream name, such as `account-42`.
        public var partyID: String { view.text(4) }
        /// One of the catalog's words.
        public var kind: String { view.text(2) }
        public var url: String? { view.optionalText(5) }
        public var campaignID: String? { view.optionalText(1) }
        /// Absent means false.
        public var botSuspected: Bool { view.boolean(0) }
    }
}
