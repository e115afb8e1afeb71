internal import CanonicalJSON
internal import EventModel

/// One question to a view.
public struct ViewQuestion: Sendable {
    /// Which of the three questions every view answers.
    public enum Kind: Hashable, Sendable {
        /// One entity by its key.
        case get(String)
        /// The events behind a value of one entity, by the value's path in its row.
        case why(String, field: String)
        /// One page of entities.
        case scan
        /// Figures over all.
        case report
    }

    /// Which question.
    public var kind: Kind
    /// Its parameters.
    public var parameters: ViewParameters
    /// As known at which position, and of what had happened by when.
    public var bounds: ReplayBounds

    /// A question from its parts.
    public init(_ kind: Kind, _ parameters: ViewParameters, bounds: ReplayBounds = ReplayBounds()) {
        self.kind = kind
        self.parameters = parameters
        self.bounds = bounds
    }
}

extension ReadModel {
    /// Answers a question from one snapshot, with a stamp; `nil` if the view has no such entity.
    ///
    /// - Parameter lenders: by name, the views that know blocks of a row.
    static func answer(
        _ question: ViewQuestion, in snapshot: ViewSnapshot, _ lenders: [String: Lender] = [:]
    ) throws(ViewError) -> JSON? {
        var answer: JSON.Members = [:]
        switch question.kind {
        case .get(let key):
            guard let row = try get(key, question.parameters, in: snapshot) else { return nil }
            let whole = try filled(row, question.parameters, from: lenders)
            answer = try stamp(question.parameters, of: whole, in: snapshot)
            answer["row"] = whole
        case .why(let key, let field):
            guard let reasons = try why(key, field: field, question.parameters, in: snapshot) else { return nil }
            answer = try stamp(question.parameters, in: snapshot)
            answer["why"] = reasons
        case .scan:
            let page = try scan(question.parameters, in: snapshot)
            answer = try stamp(question.parameters, in: snapshot)
            answer["rows"] = .array(page.rows)
            answer["next"] = .from(page.next)
        case .report:
            let report = try report(question.parameters, in: snapshot)
            answer = try stamp(question.parameters, in: snapshot)
            answer["report"] = report
        }
        return .object(answer)
    }
}
