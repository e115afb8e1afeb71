import EventModel

extension Lifecycle {
    /// Opportunity 商机: open at a stage, then won or lost; reopened only by its own event.
    ///
    /// A move names the stage that it leaves, which must be the one where the deal stands, so that of two racing moves
    /// one is refused; it leads to another stage, or to another pipeline. A closed deal takes no edit. That the
    /// stages are those of the published pipeline is the rule's business, in another stream.
    static let opportunity = Lifecycle(
        "opportunity",
        [
            .move("opportunity.opened", from: ["none"], to: "open", if: .stageIsSet(by: "stage_id")),
            .stay("opportunity.stage_changed", in: ["open"], if: .stageIsLeft),
            .stay("opportunity.amount_changed", in: ["open"]),
            .stay("opportunity.close_date_changed", in: ["open"]),
            .stay("opportunity.forecast_changed", in: ["open"]),
            .stay("opportunity.owner_assigned", in: ["open"]),
            .move("opportunity.won", from: ["open"], to: "won"),
            .move("opportunity.lost", from: ["open"], to: "lost"),
            .move("opportunity.reopened", from: ["won", "lost"], to: "open", if: .stageIsSet(by: "to_stage_id")),
        ])
}

extension Condition {
    fileprivate static func stageIsSet(by field: String) -> Condition {
        Condition("at the stage that it names") { state, event in
            state.words["stage"] = event.text(field)
            return true
        }
    }

    fileprivate static let stageIsLeft = Condition("from the stage where it stands to another") { state, event in
        let isLeft = event.text("from_stage_id") == state.words["stage"]
        let isOther = event.text("to_stage_id") != state.words["stage"] || event.has("to_pipeline_id")
        state.words["stage"] = event.text("to_stage_id")
        return isLeft && isOther
    }
}
