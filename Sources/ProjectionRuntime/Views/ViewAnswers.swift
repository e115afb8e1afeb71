public import CanonicalJSON
internal import EventModel

/// A view folded up to bounds, to be asked any number of questions.
public struct ViewAnswers {
    let model: any ReadModel.Type
    let folded: TemporaryGeneration
    /// The views that know blocks of its rows, folded up to the same bounds.
    let lenders: [(model: any ReadModel.Type, folded: TemporaryGeneration)]
    let bounds: ReplayBounds
    let source: any EventSource

    /// Answers one question; `nil` if the view has no entity under the key.
    public func answer(_ kind: ViewQuestion.Kind, _ parameters: JSON) throws(ViewError) -> JSON? {
        let question = ViewQuestion(kind, try ViewParameters(parameters), bounds: bounds)
        let snapshot = try folded.generation.snapshot(asOf: bounds.asOf, source: source)
        var lending: [String: Lender] = [:]
        for (lender, folded) in lenders {
            let rows = try folded.generation.snapshot(asOf: bounds.asOf, source: source)
            lending[lender.name] = Lender(model: lender, snapshot: ViewSnapshot(rows, asOf: snapshot))
        }
        return try model.answer(question, in: snapshot, lending)
    }
}
