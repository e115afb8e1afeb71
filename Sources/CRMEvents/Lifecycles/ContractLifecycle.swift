extension Lifecycle {
    /// Contract 合同: draft → out_for_signature → signed → active → expired or terminated; cancelled before active.
    ///
    /// *In approval*, *approved* and the return to draft are decided by the approval's stream and contained in draft.
    /// Each signature is an event; the one that says so is the last.
    static let contract = Lifecycle(
        "contract",
        [
            .move("contract.drafted", from: ["none"], to: "draft"),
            .move("contract.sent_for_signature", from: ["draft"], to: "out_for_signature"),
            .move("contract.signed", "all_signed", is: "false", from: ["out_for_signature"], to: "out_for_signature"),
            .move("contract.signed", "all_signed", is: "true", from: ["out_for_signature"], to: "signed"),
            .move("contract.activated", from: ["signed"], to: "active"),
            .stay("contract.amended", in: ["active"]),
            .stay("contract.renewed", in: ["active"]),
            .move("contract.ended", "outcome", is: "expired", from: ["active"], to: "expired"),
            .move("contract.ended", "outcome", is: "terminated", from: ["active"], to: "terminated"),
            .move(
                "contract.ended", "outcome", is: "cancelled", from: ["draft", "out_for_signature", "signed"],
                to: "cancelled"),
        ])
}
