import CanonicalJSON
import EventModel

/// A model that was fitted to the customers, with its parameters in billionths.
struct FittedModel {
    /// The `model_id`: `bg-nbd`, or `gamma-gamma-` and a currency.
    let id: String
    /// By name; `nil` for one that is too great for a 64-bit integer.
    private let parameters: [String: Int64?]
    /// Whether it should not be relied upon.
    let isWeak: Bool

    /// All models of a report of `churn-signals`, the one of buying first.
    static func all(in report: JSON) -> [FittedModel] {
        var models: [FittedModel] = []
        if let buying = FittedModel("bg-nbd", ["r", "alpha", "a", "b"], report["model"]) { models.append(buying) }
        guard case .object(let spending)? = report["spending"] else { return models }
        return models
            + spending.sorted { $0.key < $1.key }.compactMap {
                FittedModel("gamma-gamma-" + $0.key, ["p", "q", "gamma"], $0.value)
            }
    }

    private init?(_ id: String, _ names: [String], _ json: JSON?) {
        guard let json, json["source"] == "fitted" else { return nil }
        self.id = id
        parameters = Dictionary(uniqueKeysWithValues: names.map { ($0, json[$0 + "_nano"]?.integer) })
        isWeak = json["weak"]?.boolean ?? true
    }

    /// Whether all parameters can be recorded.
    var isComplete: Bool { parameters.values.allSatisfy { $0 != nil } }

    var stream: String { "prediction-" + id }

    /// What is recorded: version 1, 2 and so on, fitted to what the view knew at a position.
    func content(version: Int64, at position: Int64) -> EventContent {
        let data: JSON = [
            "model_id": .text(id), "model_version": .integer(version), "input_position": .integer(position),
            "params": .object(parameters.compactMapValues { $0.map { .integer($0) } }), "value_nano": 0,
        ]
        return EventContent(
            type: "prediction.recorded", key: EventKey(source: Churn.source, id: "\(stream):\(version)"),
            data: data.canonicalBytes)
    }

    /// For a person or a program: the parameters, and what became of them.
    func json(isRecorded: Bool) -> JSON {
        [
            "model_id": .text(id), "params": .object(parameters.mapValues { .from($0) }), "weak": .boolean(isWeak),
            "recorded": .boolean(isRecorded),
        ]
    }
}
