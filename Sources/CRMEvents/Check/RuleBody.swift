import CanonicalJSON
import EventModel

/// What `body` of `rule.published` holds for one kind of rule (CATALOG.md section 6.1).
///
/// Bodies of kinds without an entry here are any object until their read model fixes them.
public struct RuleBody: Hashable, Sendable {
    /// The kind of rule.
    public let kind: String
    /// The fields of its body.
    public let fields: [Field]

    /// Stages of one pipeline at most.
    static let stageCountMax = Limits.pipelineStageCountMax

    /// Every kind of rule.
    public static let kinds = [
        "pipeline", "segment", "scoring", "assignment", "sla", "calendar", "pool", "loyalty", "journey", "survey",
        "attribution", "fx", "dedupe", "churn", "retention",
    ]

    /// The bodies that are fixed.
    public static let all = [pipeline, fx, churn, calendar, sla, retention]

    /// The stages of a deal. Ordinals ascend; equal ones mark parallel stages.
    static let pipeline = RuleBody(
        kind: "pipeline",
        fields: [
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
        ])

    /// Exchange rates: one unit of `base` is `rate_e9` × 10⁻⁹ units of `quote`.
    static let fx = RuleBody(
        kind: "fx",
        fields: [
            .required(
                "rates",
                .list(
                    of: .object([
                        .required("base", .currency),
                        .required("quote", .currency),
                        .required("rate_e9", .integer),
                        .required("valid_from", .civilDay),
                    ])))
        ])

    /// What is a sign of leaving, how much it weighs, and where the bands begin (READ_MODELS.md section 3).
    static let churn = RuleBody(
        kind: "churn",
        fields: [
            .required(
                "signals",
                .list(
                    of: .object([
                        .required("signal", .text),
                        .required("weight", .basisPoints),
                        .required("half_life", .seconds),
                        .optional("threshold", .integer),
                    ]))),
            .required("bands", .list(of: .basisPoints)),
            .optional("hysteresis", .basisPoints),
        ])

    /// Business hours.
    static let calendar = RuleBody(
        kind: "calendar",
        fields: [
            .required("time_zone", .text),
            .required(
                "week",
                .list(of: .object([.required("day", .integer), .required("from", .text), .required("to", .text)]))),
            .optional("holidays", .list(of: .civilDay)),
        ])

    /// How fast a ticket must be answered or solved.
    static let sla = RuleBody(
        kind: "sla",
        fields: [
            .required("metric", .slaMetric),
            .required(
                "targets",
                .list(
                    of: .object([
                        .optional("priority", .text), .optional("class", .text), .required("target", .seconds),
                    ]))),
            .required("calendar_id", .id),
        ])

    /// How long which events are kept for a purpose.
    static let retention = RuleBody(
        kind: "retention",
        fields: [
            .required("types", .list(of: .text)),
            .required("purpose", .text),
            .required("keep", .seconds),
            .required("legal_basis", .text),
        ])
}

extension FieldKind {
    /// What an SLA measures.
    static let slaMetric = FieldKind.enumeration([
        "first_reply", "next_reply", "requester_wait", "agent_work", "resolution",
    ])
}

extension CheckTable {
    /// The body must be what its kind of rule says.
    func checkRuleBody(_ rule: RuleShape, _ data: borrowing JSONCursor, _ findings: inout Findings) {
        guard findings.places[rule.first] != .root, findings.places[rule.second] != .root else { return }
        let kind = data.value(at: findings.places[rule.first])
        let body = data.value(at: findings.places[rule.second])
        for (index, known) in RuleBody.kinds.enumerated() where ruleBodies[index] >= 0 && kind.hasText(known) {
            checkObject(body, Int(ruleBodies[index]), &findings)
            if index == 0, findings.problemCount == 0, let stages = body["stages"] { checkStages(stages, &findings) }
        }
    }

    private func checkStages(_ stages: borrowing JSONCursor, _ findings: inout Findings) {
        guard (1...RuleBody.stageCountMax).contains(stages.count) else {
            return findings.refuse(
                "has \(stages.count) stages, allowed are 1 to \(RuleBody.stageCountMax)", at: stages.place)
        }
        var newest = Int64.min
        var walk = stages.inside
        while let stage = walk.next() {
            if let id = stage["stage_id"], Self.isRepeated(id, before: stage.place, in: stages) {
                findings.refuse("stands twice, allowed is once in a pipeline", at: id.place)
            }
            guard let ordinal = stage["ordinal"], let number = ordinal.integer else { continue }
            if number < newest { findings.refuse("is below that of the stage before it", at: ordinal.place) }
            newest = number
        }
    }

    /// Whether a stage before this one has the same id. There are few enough to look at each.
    private static func isRepeated(
        _ id: borrowing JSONCursor, before place: JSONPlace, in stages: borrowing JSONCursor
    ) -> Bool {
        id.withText { id in
            var walk = stages.inside
            while let stage = walk.next(), stage.place != place {
                if stage["stage_id"]?.withText({ $0.isEqual(to: id) }) == true { return true }
            }
            return false
        } ?? false
    }
}
