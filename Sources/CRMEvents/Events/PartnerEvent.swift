// Made by `rapport catalog swift` from the definitions: change those.

/// The events of the group `partner`.
public enum PartnerEvent: Sendable {
    /// A partner was taken on.
    case onboarded(Onboarded)
    /// A partner's work of a period was judged.
    case evaluated(Evaluated)

    /// The way from each type to its value.
    static let values: [String: CRMEvent.Body.Making] = [
        "partner.onboarded": { .partner(.onboarded(.init(view: $0))) },
        "partner.evaluated": { .partner(.evaluated(.init(view: $0))) },
    ]
}

extension PartnerEvent {
    /// `partner.onboarded`.
    public struct Onboarded: Sendable {
        let view: DataFields
        public var partnerID: String { view.text(3) }
        /// `channel`, `supplier`, `alliance`.
        public var kind: String { view.text(1) }
        public var accountID: String? { view.optionalText(0) }
        public var level: String? { view.optionalText(2) }
        public var territory: String? { view.optionalText(4) }
    }
}

extension PartnerEvent {
    /// `partner.evaluated`.
    public struct Evaluated: Sendable {
        let view: DataFields
        public var partnerID: String { view.text(1) }
        public var period: String { view.text(2) }
        public var scores: [Score] { view.objects(3, Score.table).map(Score.init(view:)) }
        public var total: Int64 { view.integer(4) }
        public var evaluatorID: String { view.text(0) }

        /// What stands in `scores`.
        public struct Score: Sendable {
            let view: DataFields
            static let table = FieldTable.inside("partner.evaluated", "scores")
            public var criterion: String? { view.optionalText(0) }
            public var score: Int64? { view.optionalInteger(1) }
            /// In basis points: 10,000 is the whole.
            public var weight: Int64? { view.optionalInteger(2) }
        }
    }
}
