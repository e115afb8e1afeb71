import CanonicalJSON
import EventModel

extension DataCheck {
    /// Checks what no single field can be checked for. All fields are well formed by now.
    mutating func check(_ rule: DataRule, _ data: borrowing JSONCursor) {
        switch rule {
        case .amountsNeedCurrency: checkCurrency(data)
        case .totalOfLines: checkTotal(data)
        case .pipelineBody: checkPipeline(data)
        }
    }

    private mutating func checkCurrency(_ data: borrowing JSONCursor) {
        guard data["currency"] == nil else { return }
        for (index, field) in type.definition.fields.enumerated() where places[index] != .root {
            switch field.kind {
            case .money: break
            case .list(of: .line): guard data.value(at: places[index]).count > 0 else { continue }
            default: continue
            }
            return refuse(
                "is missing, required beside \(field.name) is \(FieldKind.currency.allowed)",
                missing: "currency", in: data.place)
        }
    }

    private mutating func checkTotal(_ data: borrowing JSONCursor) {
        guard let lines = data["lines"], let total = data["total"], let sum = total.integer else { return }
        if OrderTotal.sum(of: lines) != Int128(sum) {
            refuse(
                "is not the sum of the \(lines.count) lines, each net and tax rounded half up", at: total.place)
        }
    }

    /// CATALOG.md section 6.1. Equal ordinals are allowed: they mark parallel stages.
    private mutating func checkPipeline(_ data: borrowing JSONCursor) {
        guard let kind = data["kind"], let body = data["body"] else { return }
        guard kind.hasText("pipeline") else {
            return refuse("is another kind of rule, allowed in this release is pipeline", at: kind.place)
        }
        let before = problemCount
        check(body, .pipelineBody)
        guard problemCount == before, let stages = body["stages"] else { return }
        checkStages(stages)
    }

    private mutating func checkStages(_ stages: borrowing JSONCursor) {
        guard (1...Limits.pipelineStageCountMax).contains(stages.count) else {
            return refuse(
                "has \(stages.count) stages, allowed are 1 to \(Limits.pipelineStageCountMax)", at: stages.place)
        }
        var ids: Set<String> = []
        var newest = Int64.min
        var walk = stages.inside
        while let stage = walk.next() {
            if let id = stage["stage_id"], let text = id.text, !ids.insert(text).inserted {
                refuse("stands twice, allowed is once in a pipeline", at: id.place)
            }
            guard let ordinal = stage["ordinal"], let number = ordinal.integer else { continue }
            if number < newest { refuse("is below that of the stage before it", at: ordinal.place) }
            newest = number
        }
    }

    /// The category must be the type's, and the id the entity that the data names.
    mutating func checkStream(_ name: Span<UInt8>, _ data: borrowing JSONCursor) {
        let wanted = type.category
        let category = wanted.span
        guard name.count > category.count, name[category.count] == UInt8(ascii: "-"),
            name.extracting(..<category.count).isEqual(to: category),
            isNamed(name.extracting((category.count + 1)...), by: data)
        else { return refuse("is not the one of this event, allowed is \(type.definition.stream.words)", .stream) }
    }

    /// A field that is missing or not text has been refused already, so it does not count again here.
    private func isNamed(_ id: Span<UInt8>, by data: borrowing JSONCursor) -> Bool {
        switch type.definition.stream {
        case .category: return true
        case .entity: return isText(0, of: data, id) ?? true
        case .party:
            if let isParty = isText(0, of: data, id) { return isParty }
            guard let rest = id.after("party-") else { return isText(1, of: data, id) == nil }
            return isText(1, of: data, rest) ?? true
        case .pair:
            let first = data.value(at: places[type.identity[0]])
            let second = data.value(at: places[type.identity[1]])
            guard first.kind == .text, second.kind == .text else { return true }
            let pair = "\(first.text ?? "")-\(second.text ?? "")"
            return pair.utf8.span.isEqual(to: id)
        }
    }

    /// Whether a field of the identity says just this; `nil` if it is missing or not text.
    private func isText(_ index: Int, of data: borrowing JSONCursor, _ wanted: Span<UInt8>) -> Bool? {
        data.value(at: places[type.identity[index]]).withText { $0.isEqual(to: wanted) }
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
