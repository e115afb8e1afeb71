import EventModel

extension Lifecycle {
    /// Quote 报价: draft → sent → accepted, rejected or expired; a draft may be withdrawn.
    ///
    /// *In approval* and *approved* are decided by the approval's stream and contained in draft. A revision makes a
    /// draft again and supersedes the one before, so an old revision can be neither sent nor accepted. A quote as a
    /// whole is superseded by another one while it may still be revised.
    static let quote = Lifecycle(
        "quote",
        [
            .move("quote.created", from: ["none"], to: "draft", if: .revisionBegins),
            .move("quote.revised", from: ["draft", "sent"], to: "draft", if: .revisionGrows),
            .move("quote.sent", from: ["draft"], to: "sent", if: .revisionIsNewest),
            .move("quote.accepted", from: ["sent"], to: "accepted", if: .revisionIsNewest),
            .move("quote.closed", "outcome", is: "rejected", from: ["sent"], to: "rejected"),
            .move("quote.closed", "outcome", is: "expired", from: ["sent"], to: "expired"),
            .move("quote.closed", "outcome", is: "withdrawn", from: ["draft"], to: "withdrawn"),
            .move("quote.closed", "outcome", is: "superseded", from: ["draft", "sent"], to: "superseded"),
        ])
}

extension Condition {
    fileprivate static let revisionBegins = Condition("with its first revision") { state, event in
        state.sums["revision"] = event.integer("revision")
        return true
    }

    fileprivate static let revisionGrows = Condition("a higher revision that supersedes the newest") { state, event in
        let newest = state.sum("revision")
        state.sums["revision"] = event.integer("revision")
        return event.integer("supersedes_revision") == newest && event.integer("revision") > newest
    }

    fileprivate static let revisionIsNewest = Condition("the newest revision") { state, event in
        event.integer("revision") == state.sum("revision")
    }
}
