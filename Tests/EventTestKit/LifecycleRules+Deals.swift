public import EventModel

extension LifecycleRules {
    /// The lifecycle of deals as far as ``Proposal`` makes their events: opened, then won or lost, then reopened. The
    /// catalog's rules say the same of these events.
    public static let dealsOnly = LifecycleRules(
        governs: { name($0).hasPrefix("opportunity.") },
        advance: { state, type, _, _ in
            let legal = next[state.phase] ?? []
            let event = name(type)
            let before = state.phase
            state.phase = event == "opportunity.opened" || event == "opportunity.reopened" ? "open" : "closed"
            return legal.contains(event)
                ? nil : IllegalTransition(state: before.isEmpty ? "none" : before, attempted: event, legal: legal)
        })

    private static let next = [
        "": ["opportunity.opened"], "open": ["opportunity.won", "opportunity.lost"],
        "closed": ["opportunity.reopened"],
    ]

    private static func name(_ type: Span<UInt8>) -> String {
        String(decoding: type.indices.map { type[$0] }, as: UTF8.self)
    }
}

extension Proposal {
    /// A deal begins.
    public static func dealOpened(_ deal: String, id: String) -> ProposedEvent {
        dealEvent(
            "opened", id,
            """
            {"account_id":"a1","name":"Deal","opportunity_id":"\(deal)","owner_id":"u7","pipeline_id":"p1",\
            "pipeline_version":1,"stage_id":"s1"}
            """)
    }

    /// A deal is won.
    public static func dealWon(id: String) -> ProposedEvent {
        dealEvent("won", id, #"{"amount":1,"currency":"EUR","won_at":1700000000000}"#)
    }

    /// A deal is lost.
    public static func dealLost(id: String) -> ProposedEvent {
        dealEvent("lost", id, #"{"lost_at":1700000000000,"reason_code":"price","stage_id":"s1"}"#)
    }

    /// A deal that was closed is open again.
    public static func dealReopened(id: String) -> ProposedEvent {
        dealEvent("reopened", id, #"{"reason":"budget_found","reverses":"e1","to_stage_id":"s1"}"#)
    }

    private static func dealEvent(_ what: String, _ id: String, _ data: String) -> ProposedEvent {
        ProposedEvent(
            EventContent(
                type: "opportunity." + what, key: EventKey(source: "/test", id: id), data: Array(data.utf8)),
            time: nil, terms: what == "opened" ? ["account:a1", "owner:u7"] : [])
    }
}

extension StreamName {
    /// The stream of a deal, for tests.
    public static func deal(_ id: String) -> StreamName {
        guard let name = try? StreamName("opportunity-" + id) else { preconditionFailure("'\(id)' is an id") }
        return name
    }
}
