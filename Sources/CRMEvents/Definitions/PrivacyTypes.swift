extension EventTypeDefinition {
    /// CATALOG.md 5.2, privacy and access: what may be done with a person's data, and what was done.
    static let privacyTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "consent.granted", "A party allowed a use of its data on a channel.", in: .privacy,
            stream: .entity("consent", field: "party_id"),
            fields: [
                .required("party_id", .party),
                .required("purpose", .text),
                .required("channel", .enumeration(["email", "sms", "call", "wechat", "post", "profiling"])),
                .required(
                    "legal_basis", .enumeration(["consent", "contract", "legitimate_interest", "legal_obligation"])),
                .required("text_version", .text),
                .required("evidence", .text),
                .optional("expires_at", .instant),
            ],
            terms: [.anchor("party_id")]),
        EventTypeDefinition(
            "consent.withdrawn", "A party took back, or refused from the start, a use of its data on a channel.",
            in: .privacy,
            stream: .entity("consent", field: "party_id"),
            fields: [
                .required("party_id", .party),
                .required("purpose", .text),
                .required("channel", .enumeration(["email", "sms", "call", "wechat", "post", "profiling"])),
                .required("trigger", .enumeration(["subject", "operator", "bounce", "expiry"])),
            ],
            terms: [.anchor("party_id")]),
        EventTypeDefinition(
            "privacy.request_received", "A person asked for their data, or for its correction or erasure.",
            in: .privacy,
            stream: .entity("privacy", field: "party_id"),
            fields: [
                .required("party_id", .party),
                .required("kind", .enumeration(["access", "erase", "rectify", "port", "object"])),
                .required("due_at", .instant),
                .required("channel", .text),
            ],
            terms: [.anchor("party_id")]),
        EventTypeDefinition(
            "privacy.subject_erased", "The keys of a person were destroyed, and what they sealed cannot be read again.",
            in: .privacy,
            stream: .member("privacy", list: "party_ids"),
            fields: [
                // every identity of the person
                .required("party_ids", .list(of: .party)),
                .required("purposes", .list(of: .text)),
                .required("key_ids", .list(of: .text)),
                // SHA-256 of each destroyed key, hex
                .required("key_fingerprints", .list(of: .sha256)),
                .required("scope", .text),
                .required("legal_basis", .text),
                .optional("request_event_id", .event),
                // not the actor
                .required("approver_id", .id),
                .optional(
                    "legal_hold_exceptions",
                    .list(of: .object([.optional("purpose", .text), .optional("code", .code)]))),
            ],
            terms: [.anchor("party_ids"), "approver_id"],
            rules: [.sameCount("key_ids", "key_fingerprints")]),
        EventTypeDefinition(
            "record.accessed", "Somebody read, exported or searched a record, or was denied it.", in: .privacy,
            stream: .category("access"),
            fields: [
                .required("target_type", .code),
                .required("target_id", .id),
                .required("action", .enumeration(["read", "export", "search"])),
                .optional("fields", .list(of: .text)),
                .required("decision", .enumeration(["allowed", "denied"])),
                .optional("purpose", .text),
                .optional("row_count", .integer),
            ],
            terms: [.pair("target")]),
    ]
}
