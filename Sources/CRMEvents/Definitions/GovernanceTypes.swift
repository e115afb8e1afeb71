extension EventTypeDefinition {
    /// CATALOG.md 5.14, partners, goals, rules, approvals and workflows.
    static let governanceTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "partner.onboarded", "A partner was taken on.", in: .partner,
            stream: .entity("partner", field: "partner_id"),
            fields: [
                .required("partner_id", .id),
                .required("kind", .enumeration(["channel", "supplier", "alliance"])),
                .optional("account_id", .id),
                .optional("level", .text),
                .optional("territory", .text),
            ],
            terms: [.anchor("account_id")]),
        EventTypeDefinition(
            "partner.evaluated", "A partner's work of a period was judged.", in: .partner,
            stream: .entity("partner", field: "partner_id"),
            fields: [
                .required("partner_id", .id),
                .required("period", .text),
                .required(
                    "scores",
                    .list(
                        of: .object([
                            .optional("criterion", .text), .optional("score", .integer),
                            .optional("weight", .basisPoints),
                        ]))),
                .required("total", .integer),
                .required("evaluator_id", .id),
            ],
            terms: ["evaluator_id"]),
        EventTypeDefinition(
            "goal.set", "Somebody has a goal to reach in a period.", in: .goal,
            stream: .entity("goal", field: "goal_id"),
            fields: [
                .required("goal_id", .id),
                .required("kind", .enumeration(["kpi", "quota"])),
                .required("metric", .text),
                .required("unit", .text),
                .optional("baseline_milli", .integer),
                .optional("baseline_position", .integer),
                .required("target_milli", .integer),
                .required("period_start", .civilDay),
                .required("period_end", .civilDay),
                .optional("owner_type", .code),
                .optional("owner_id", .id),
                .required("revision", .integer),
                .optional("supersedes", .id),
            ],
            terms: [.pair("owner")],
            rules: [.ordered("period_start", notAfter: "period_end")]),
        EventTypeDefinition(
            "incentive.awarded", "Somebody earned a reward for what they reached.", in: .goal,
            stream: .entity("incentive", field: "user_id"),
            fields: [
                .required("user_id", .id),
                .optional("amount", .money),
                .optional("points", .integer),
                // with an amount
                .optional("currency", .currency),
                .required("basis_event_ids", .list(of: .event)),
                .optional("rule_version", .integer),
            ],
            exactlyOneOf: ["amount", "points"],
            rules: [.amountsNeedCurrency, .only("currency", beside: "amount")]),
        EventTypeDefinition(
            "rule.published", "A versioned rule came into force.", in: .rule,
            stream: .entity("rule", field: "rule_id"),
            fields: [
                .required("rule_id", .id),
                .required("kind", .enumeration(RuleBody.kinds)),
                .required("version", .integer),
                .required("body", .anyObject),
                .required("effective_from", .instant),
                .optional("supersedes", .integer),
            ],
            rules: [.ruleBody]),
        EventTypeDefinition(
            "approval.requested", "Somebody asked for an approval.", in: .approval,
            stream: .entity("approval", field: "approval_id"),
            fields: [
                .required("approval_id", .id),
                .required("subject_type", .code),
                .required("subject_id", .id),
                .required(
                    "steps",
                    .list(
                        of: .object([
                            .optional("no", .integer), .optional("approvers", .list(of: .id)),
                            .optional("quorum", .integer),
                        ]))),
                .optional("due_at", .instant),
                .optional("amount", .money),
                .optional("currency", .currency),
            ],
            terms: [.anchorPair("subject")],
            rules: [.amountsNeedCurrency]),
        EventTypeDefinition(
            "approval.step_decided", "An approver decided on a step.", in: .approval,
            stream: .category("approval"),
            fields: [
                .required("step_no", .integer),
                .required("approver_id", .id),
                .required("decision", .enumeration(["approve", "reject", "delegate", "return"])),
                .optional("to_step", .integer),
                .optional("delegate_to", .id),
                .optional("comment", .text, personal: .always),
            ],
            terms: ["approver_id", "delegate_to"],
            subject: SubjectRule("self", .itself, for: .staff)),
        EventTypeDefinition(
            "approval.concluded", "An approval came to its end.", in: .approval,
            stream: .category("approval"),
            fields: [
                .required("outcome", .enumeration(["approved", "rejected", "withdrawn", "expired"]))
            ]),
        EventTypeDefinition(
            "workflow.advanced", "A workflow began, finished, failed or undid a step.", in: .workflow,
            stream: .entity("workflow", field: "workflow_id"),
            fields: [
                .required("workflow_id", .id),
                .required("definition_version", .integer),
                .required("step", .text),
                .required("status", .enumeration(["started", "done", "failed", "compensated"])),
                .optional("department", .text),
            ]),
        EventTypeDefinition(
            "milestone.reached", "A project reached a milestone.", in: .workflow,
            stream: .entity("milestone", field: "subject_id"),
            fields: [
                .required("kind", .enumeration(["project", "training", "golive", "delivery"])),
                .required("subject_id", .id),
                .optional("planned_on", .civilDay),
                .required("reached_on", .civilDay),
            ]),
    ]
}
