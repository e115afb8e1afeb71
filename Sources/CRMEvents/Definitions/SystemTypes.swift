extension EventTypeDefinition {
    /// CATALOG.md 6, events that other pages need: ticks, erasures, promotions, configurations.
    static let systemTypes: [EventTypeDefinition] = [
        EventTypeDefinition(
            "clock.day_ended", "A day ended: the tick for what must happen after quiet days.", in: .system,
            stream: .fixed("clock-day"),
            fields: [
                .required("day", .civilDay),
                .required("tz", .text),
            ]),
        EventTypeDefinition(
            "privacy.erasure_advanced", "An erasure took one of its later steps.", in: .privacy,
            stream: .category("privacy"),
            fields: [
                .required("erasure_event_id", .event),
                .required("stage", .enumeration(["physical", "final"])),
                .required("key_store_generation", .integer),
                .optional("backups_end_on", .civilDay),
            ]),
        EventTypeDefinition(
            "privacy.hold_changed", "A legal hold on a purpose began or ended.", in: .privacy,
            stream: .entity("privacy", field: "party_id"),
            fields: [
                .required("party_id", .party),
                .required("purpose", .text),
                .required("held", .boolean),
                .required("basis", .text),
                .optional("until", .civilDay),
            ]),
        EventTypeDefinition(
            "projection.promoted", "Another generation of a read model answers from now on.", in: .system,
            stream: .fixed("system-log"),
            fields: [
                .required("projector", .text),
                .required("projector_version", .integer),
                .required("generation", .integer),
                .optional("previous_generation", .integer),
                .required("position", .integer),
                .required("state_hash", .text),
            ]),
        EventTypeDefinition(
            "system.configured", "The server came up with this build, catalog and configuration.", in: .system,
            stream: .fixed("system-log"),
            fields: [
                .required("build_sha256", .sha256),
                .required("catalog_sha256", .sha256),
                .required("config_sha256", .sha256),
            ]),
    ]
}
