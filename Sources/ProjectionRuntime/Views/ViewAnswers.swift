public import CanonicalJSON
internal import EventModel

/// A view folded up to bounds, to be asked any number of questions.
public struct ViewAnswers {
    let model: any ReadModel.Type
    let folded: TemporaryGeneration
    let bounds: ReplayBounds
    let source: any EventSource

    /// Answers one question; `nil` if the view has no entity under the key.
    public func answer(_ kind: ViewQuestion.Kind, _ parameters: JSON) throws(ViewError) -> JSON? {
        let question = ViewQuestion(kind, try ViewParameters(parameters), bounds: bounds)
        return try model.answer(question, in: folded.generation.snapshot(asOf: bounds.asOf, source: source))
    }
}

/// The live rows of a view beside a fresh replay of the same events.
public struct ViewComparison: Sendable {
    /// The projection.
    public let name: String
    /// The version of its code.
    public let version: UInt32
    /// Events that both have folded.
    public let eventCount: UInt64
    /// Rows of the live generation, those of personal tables left out.
    public let rowCount: UInt64
    /// State hash of the live generation.
    public let live: String
    /// State hash of the replay.
    public let replay: String
    /// Whether the view has folded events that the log no longer has.
    public var isAheadOfLog = false
    /// The personal tables; `nil` where the view has none.
    public var personal: PersonalRows?

    /// Rows of personal tables, compared as of now and never by a hash that is kept.
    public struct PersonalRows: Sendable {
        /// Rows of the live generation.
        public let rowCount: UInt64
        /// Whether the replay has the same. A replay that cannot open personal fields has not, and neither has a view
        /// that folded a person who was erased since.
        public let isEqual: Bool
    }

    /// Whether the view equals its replay, personal tables left out.
    public var isEqual: Bool { live == replay }
}
