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
