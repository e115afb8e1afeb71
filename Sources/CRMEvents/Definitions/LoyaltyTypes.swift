extension EventTypeDefinition {
    /// CATALOG.md 5.13, satisfaction and loyalty 满意度·忠诚度.
    static let loyaltyTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "survey.sent", "A customer was asked.", in: .survey,
            stream: .pair("survey", first: "survey_id", second: "party_id"),
            fields: [
                .required("survey_id", .id),
                .required("version", .integer),
                .required("kind", .enumeration(["csat", "nps", "ces", "custom"])),
                .required("party_id", .party),
                .optional("trigger_event_id", .event),
                .optional("channel", .text),
                .optional("expires_at", .instant),
            ],
            terms: [.anchor("party_id"), "survey_id"]),
        EventTypeDefinition(
            "survey.responded", "A customer answered a survey.", in: .survey,
            stream: .pair("survey", first: "survey_id", second: "party_id"),
            fields: [
                .required("survey_id", .id),
                .required("party_id", .party),
                .required("kind", .enumeration(["csat", "nps", "ces", "custom"])),
                .required("score", .integer),
                .required("scale_max", .integer),
                .optional("answers", .anyObject, personal: .always),
                .optional("comment", .text, personal: .always),
            ],
            terms: [.anchor("party_id"), "survey_id"],
            subject: .named("party_id", for: .service)),
        EventTypeDefinition(
            "feedback.received", "A customer or a user told what they think, unasked.", in: .survey,
            stream: .entity("feedback", field: "feedback_id"),
            fields: [
                .required("feedback_id", .id),
                .optional("party_id", .party),
                .optional("user_id", .id),
                .required("source", .text),
                .optional("topic", .text),
                .optional("sentiment", .enumeration(["pos", "neu", "neg"])),
                .optional("text", .text, personal: .always),
            ],
            exactlyOneOf: ["party_id", "user_id"],
            terms: [.anchor("party_id"), "user_id"],
            subject: SubjectRule("party_id or user_id", .field("party_id"), .field("user_id"), for: .service)),
        EventTypeDefinition(
            "loyalty.enrolled", "A customer joined a loyalty programme.", in: .loyalty,
            stream: .entity("loyalty", field: "member_id"),
            fields: [
                .required("member_id", .id),
                .required("program_id", .id),
                .required("party_id", .party),
                .optional("tier", .text),
            ],
            terms: [.anchor("party_id")]),
        EventTypeDefinition(
            "loyalty.points_earned", "A member earned points, or lost them by a reversal.", in: .loyalty,
            stream: .entity("loyalty", field: "member_id"),
            fields: [
                .required("entry_id", .id),
                .required("member_id", .id),
                .required("points", .integer),
                .required("reason", .code),
                .optional("order_id", .id),
                .optional("expires_on", .civilDay),
                // then, and only then, `points` is negative
                .optional("reverses_entry_id", .id),
            ],
            terms: ["order_id"],
            rules: [.negativeOnly("points", with: "reverses_entry_id")]),
        EventTypeDefinition(
            "loyalty.points_redeemed", "A member paid with points.", in: .loyalty,
            stream: .entity("loyalty", field: "member_id"),
            fields: [
                .required("entry_id", .id),
                .required("member_id", .id),
                .required("points", .integer),
                .required("reward_id", .id),
                .required("lots", .list(of: .object([.optional("entry_id", .id), .optional("points", .integer)]))),
            ]),
        EventTypeDefinition(
            "loyalty.points_expired", "A member's points ran out.", in: .loyalty,
            stream: .category("loyalty"),
            fields: [
                .required("entry_id", .id),
                .required("lots", .list(of: .object([.optional("entry_id", .id), .optional("points", .integer)]))),
                .required("as_of", .civilDay),
            ]),
        EventTypeDefinition(
            "loyalty.tier_changed", "A member rose or fell to another tier.", in: .loyalty,
            stream: .category("loyalty"),
            fields: [
                .required("from", .text),
                .required("to", .text),
                .required("qualifying_points", .integer),
                .required("rule_version", .integer),
            ]),
    ]
}
