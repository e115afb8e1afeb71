/// What customers answer when asked.
public enum SurveyEvent: Sendable {
    /// A customer answered a survey.
    case responded(Responded)
}

extension SurveyEvent {
    /// `survey.responded`.
    public struct Responded: Hashable, Sendable {
        public let surveyID: String
        /// The party's stream name, such as `account-42`.
        public let partyID: String
        /// `csat`, `nps`, `ces` or `custom`.
        public let kind: String
        /// From 0 or 1 to `scaleMax`, by kind.
        public let score: Int64
        public let scaleMax: Int64

        init(_ data: DataReader) throws(UndecodableEvent) {
            surveyID = try data.text("survey_id")
            partyID = try data.text("party_id")
            kind = try data.text("kind")
            score = try data.integer("score")
            scaleMax = try data.integer("scale_max")
        }
    }
}

extension SurveyEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .responded(let event): PartyReference(party: event.partyID)
        }
    }
}
