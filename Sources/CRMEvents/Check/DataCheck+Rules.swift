import CanonicalJSON
import EventModel

extension DataCheck {
    /// Checks what no single field can be checked for. All fields are well formed by now.
    mutating func check(_ rule: DataRule) {
        switch rule {
        case .amountsNeedCurrency: checkCurrency()
        case .totalOfLines: checkTotal()
        case .pipelineBody: checkPipeline()
        }
    }

    private mutating func checkCurrency() {
        guard data["currency"] == nil else { return }
        let amounts = definition.fields.filter { field in
            switch field.kind {
            case .money: data[field.name] != nil
            case .list(of: .line): data[field.name].map { $0.count > 0 } ?? false
            default: false
            }
        }
        guard let amount = amounts.first else { return }
        at(.member("currency")) {
            $0.refuse("is missing, required beside \(amount.name) is \(FieldKind.currency.allowed)")
        }
    }

    private mutating func checkTotal() {
        guard let lines = data["lines"], let total = data["total"]?.integer else { return }
        if OrderTotal.sum(of: lines) != Int128(total) {
            at(.member("total")) {
                $0.refuse("is not the sum of the \(lines.count) lines, each net and tax rounded half up")
            }
        }
    }

    /// CATALOG.md section 6.1. Equal ordinals are allowed: they mark parallel stages.
    private mutating func checkPipeline() {
        guard data["kind"]?.hasText("pipeline") == true else {
            return at(.member("kind")) { $0.refuse("is another kind of rule, allowed in this release is pipeline") }
        }
        guard let body = data["body"] else { return }
        at(.member("body")) { check in
            let before = check.problemCount
            check.check(body, fields: Field.pipelineBody)
            guard check.problemCount == before, let stages = body["stages"] else { return }
            check.at(.member("stages")) { $0.checkStages(stages) }
        }
    }

    private mutating func checkStages(_ stages: JSONNode) {
        guard (1...Limits.pipelineStageCountMax).contains(stages.count) else {
            return refuse("has \(stages.count) stages, allowed are 1 to \(Limits.pipelineStageCountMax)")
        }
        var ids: Set<String> = []
        var ordinal = Int64.min
        for (index, stage) in stages.elements.enumerated() {
            if let id = stage["stage_id"]?.text, !ids.insert(id).inserted {
                at(.element(index)) { check in
                    check.at(.member("stage_id")) { $0.refuse("stands twice, allowed is once in a pipeline") }
                }
            }
            let next = stage["ordinal"]?.integer ?? ordinal
            if next < ordinal {
                at(.element(index)) { check in
                    check.at(.member("ordinal")) { $0.refuse("is below that of the stage before it") }
                }
            }
            ordinal = next
        }
    }

    /// The category must be the type's, and the id the entity that the data names.
    mutating func checkStream() {
        guard stream.category == definition.stream.category, isStreamNamedByData else {
            return refuse("is not the one of this event, allowed is \(definition.stream.words)", at: "stream")
        }
    }

    /// A field that is missing or not text has been refused already, so it does not count again here.
    private var isStreamNamedByData: Bool {
        func isID(_ text: String?) -> Bool { text.map { stream.id == $0 } ?? true }
        switch definition.stream {
        case .category: return true
        case .entity(_, let field): return isID(data[field]?.text)
        case .party(_, let field, let anonymous):
            return isID(data[field]?.text ?? data[anonymous]?.text.map { "party-\($0)" })
        case .pair(_, let field, let party):
            guard let first = data[field]?.text, let second = data[party]?.text else { return true }
            return isID("\(first)-\(second)")
        }
    }
}

extension Field {
    /// The body of a published pipeline (CATALOG.md section 6.1).
    static let pipelineBody: [Field] = [
        .required(
            "stages",
            .list(
                of: .object([
                    .required("stage_id", .id),
                    .required("ordinal", .integer),
                    .optional("name", .text),
                    .optional("probability", .basisPoints),
                    .optional("target_duration", .seconds),
                ])))
    ]
}
