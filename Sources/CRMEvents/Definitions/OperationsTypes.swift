extension EventTypeDefinition {
    /// CATALOG.md 5.15, organisation, data operations and audit.
    static let operationsTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "user.status_changed", "A user of the system was set active or disabled.", in: .organisation,
            stream: .entity("user", field: "user_id"),
            fields: [
                .required("user_id", .id),
                .required("status", .enumeration(["active", "disabled"])),
                .optional("name", .text, personal: .always),
                .optional("team_id", .id),
                .optional("manager_id", .id),
            ],
            terms: ["manager_id"],
            subject: .named("user_id", for: .staff)),
        EventTypeDefinition(
            "role.changed", "A user was granted roles or lost them.", in: .organisation,
            stream: .entity("user", field: "user_id"),
            fields: [
                .required("user_id", .id),
                .optional("granted", .list(of: .text)),
                .optional("revoked", .list(of: .text)),
                .optional("scope", .text),
            ]),
        EventTypeDefinition(
            "field.defined", "A field of this company's own was defined.", in: .organisation,
            stream: .entity("field", field: "entity"),
            fields: [
                // the type that has the field
                .required("entity", .text),
                .required("field", .text),
                // as the catalog writes kinds
                .required("type", .text),
                .optional("required", .boolean),
                .required("personal", .boolean),
                .optional("subject_field", .text),
                .optional("unit", .text),
                .optional("deprecated", .boolean),
            ],
            rules: [.fieldDefinition]),
        EventTypeDefinition(
            "import.started", "An import of records began.", in: .operations,
            stream: .entity("import", field: "import_id"),
            fields: [
                .required("import_id", .id),
                .required("source", .text),
                .required("mode", .enumeration(["full", "incremental", "trial"])),
                .required("file_sha256", .sha256),
                .required("row_count", .integer),
                .required("mapping_version", .integer),
            ]),
        EventTypeDefinition(
            "import.row_rejected", "A line of an import was refused.", in: .operations,
            stream: .entity("import", field: "import_id"),
            fields: [
                .required("import_id", .id),
                .required("line", .integer),
                .required("code", .code),
                // column names only, never cell content
                .optional("detail", .text),
            ]),
        EventTypeDefinition(
            "import.completed", "An import came to its end.", in: .operations,
            stream: .category("import"),
            fields: [
                .required("accepted", .integer),
                .required("rejected", .integer),
                .required("control_totals", .anyObject),
                .required("sample_sha256", .sha256),
            ]),
        EventTypeDefinition(
            "import.rolled_back", "What an import appended was compensated.", in: .operations,
            stream: .category("import"),
            fields: [
                .required("reason", .code),
                // positions
                .required("compensated_range", .object([.optional("from", .integer), .optional("to", .integer)])),
            ],
            rules: [.ordered("from", notAfter: "to", in: "compensated_range")]),
        EventTypeDefinition(
            "sync.attempted", "A connector sent or fetched a record.", in: .operations,
            stream: .entity("sync", field: "connector"),
            fields: [
                .required("connector", .text),
                .required("direction", .enumeration(["in", "out"])),
                .required("cause_event_id", .event),
                .required("outcome", .enumeration(["ok", "retry", "failed"])),
                .required("attempt", .integer),
                .optional("remote_id", .id),
                .optional("latency_ms", .integer),
            ]),
        EventTypeDefinition(
            "sync.conflict_detected", "A record changed on both sides of a connector.", in: .operations,
            stream: .entity("sync", field: "connector"),
            fields: [
                .required("connector", .text),
                .required("entity", .code),
                .required("id", .id),
                .optional("local_version", .text),
                .optional("remote_version", .text),
                .optional("resolution", .enumeration(["local", "remote", "manual"])),
            ],
            terms: [.field("id", in: .named(by: "entity"))]),
        EventTypeDefinition(
            "signal.raised", "Something about a party or a record needs attention.", in: .insight,
            stream: .pair("signal", first: "subject_type", second: "subject_id"),
            fields: [
                .required("signal_id", .id),
                .required("kind", .text),
                .required("subject_type", .code),
                .required("subject_id", .id),
                .required("severity", .basisPoints),
                .required("evidence_event_ids", .list(of: .event)),
                .required("rule_version", .integer),
            ],
            terms: [.anchorPair("subject")]),
        EventTypeDefinition(
            "signal.cleared", "What needed attention no longer does.", in: .insight,
            stream: .category("signal"),
            fields: [
                .required("signal_id", .id),
                .required("cause", .text),
            ]),
        EventTypeDefinition(
            "prediction.recorded", "A model predicted something about a party, and a decision was taken on it.",
            in: .insight,
            stream: .entity("prediction", field: "model_id"),
            fields: [
                .required("model_id", .id),
                .required("model_version", .integer),
                .optional("params", .map("name→nano:i", of: .integer)),
                .required("input_position", .integer),
                // a party
                .optional("subject_id", .party),
                .required("value_nano", .integer),
            ],
            terms: [.field("subject_id", in: .party)]),
        EventTypeDefinition(
            "event.corrected", "An earlier event said something wrong, and this is what it should have said.",
            in: .operations,
            stream: .any,
            fields: [
                .required("corrects_event_id", .event),
                .required("changes", .anyChanges),
                .required("reason", .code),
                .optional("approved_by", .id),
            ],
            terms: ["approved_by"],
            subject: SubjectRule("as the corrected event", .correctedEvent, for: nil)),
        EventTypeDefinition(
            "checkpoint.anchored", "The log's root hash was signed and kept outside.", in: .system,
            stream: .fixed("system-log"),
            fields: [
                .required("position", .integer),
                .required("root_hash", .text),
                .required("tree_size", .integer),
                .required("signature", .text),
                .optional("external_ref", .text),
                .optional("stream_heads", .text),
                .optional("stream_count", .integer),
                .optional("term_heads", .text),
                .optional("term_count", .integer),
            ]),
        EventTypeDefinition(
            "replay.performed", "A read model was built again and compared with the live one.", in: .system,
            stream: .fixed("system-log"),
            fields: [
                .required("projector", .text),
                .required("projector_version", .integer),
                .required("from", .integer),
                .required("to", .integer),
                .required("state_hash", .text),
                .required("matches_live", .boolean),
            ],
            rules: [.ordered("from", notAfter: "to")]),
    ]
}
