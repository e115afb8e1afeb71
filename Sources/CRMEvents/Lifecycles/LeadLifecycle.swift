extension Lifecycle {
    /// Lead 线索: new → assigned → mql → sal → sql → converted; disqualified and recycled on the side.
    ///
    /// *Working* and *nurturing* begin with interactions and journey steps, in other streams: both are contained in
    /// assigned, and read models tell them apart. Qualification is entered at its first step and climbs one at a time;
    /// a conversion may come at any of them. Another owner is no other state. A conversion is final: a wrong one is
    /// `event.corrected` and `party.unmerged`; plain corrections of the lead's fields stay legal.
    static let lead = Lifecycle(
        "lead",
        [
            .move("lead.captured", from: ["none"], to: "new"),
            .move("lead.assigned", from: ["new", "recycled"], to: "assigned"),
            .stay("lead.assigned", in: ["assigned"] + qualified),
            .move("lead.qualified", "stage", is: "mql", from: ["assigned"], to: "mql"),
            .move("lead.qualified", "stage", is: "sal", from: ["mql"], to: "sal"),
            .move("lead.qualified", "stage", is: "sql", from: ["sal"], to: "sql"),
            .move("lead.converted", from: qualified, to: "converted"),
            .move("lead.disqualified", from: open, to: "disqualified"),
            .move("lead.recycled", from: ["disqualified"], to: "recycled"),
            .stay("lead.scored", in: open + ["disqualified"]),
            .stay("lead.updated", in: open + ["disqualified", "converted"]),
        ])

    private static let qualified = ["mql", "sal", "sql"]
    private static let open = ["new", "assigned", "mql", "sal", "sql", "recycled"]

    /// Pool 公海: owned ⇄ pooled, for one account or lead. The first event finds it owned.
    ///
    /// That nobody edits what is in the pool concerns the entity's own stream, and the caps and the days that a former
    /// owner waits follow from rules and other streams: a claim carries a condition for them (`UNLESS`).
    static let pool = Lifecycle(
        "pool", initial: "owned",
        [
            .move("pool.released", from: ["owned"], to: "pooled"),
            .move("pool.reclaimed", from: ["owned"], to: "pooled"),
            .move("pool.claimed", from: ["pooled"], to: "owned"),
        ])
}
