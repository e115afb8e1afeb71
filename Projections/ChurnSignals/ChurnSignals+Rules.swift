import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// What concerns all customers: rules, and the parameters of models. They lie under their positions and are joined by
/// who reads.
extension ChurnSignals {
    /// Keeps a churn rule (CATALOG.md 6.1). A body that the catalog would refuse holds what it holds.
    func publish(_ rule: RuleEvent.Published, _ event: CRMEvent) {
        let body = rule.body
        let signals = (body["signals"]?.elements ?? []).compactMap { signal -> RuleRow.Signal? in
            guard let name = signal["signal"]?.text, let weight = signal["weight"]?.integer else { return nil }
            return RuleRow.Signal(
                name: name, weight: weight, halfLife: signal["half_life"]?.integer ?? 0,
                threshold: signal["threshold"]?.integer)
        }
        rules[PositionKey(event.position.index)] = RuleRow(
            time: event.time.milliseconds, effectiveFrom: rule.effectiveFrom, id: rule.ruleID,
            version: rule.version, signals: signals, bands: (body["bands"]?.elements ?? []).compactMap(\.integer),
            hysteresis: body["hysteresis"]?.integer)
        changed(event, rule.ruleID, rule.version)
    }

    /// Keeps the parameters of a whole model; a prediction about one party is not one.
    func record(_ prediction: InsightEvent.PredictionRecorded, _ event: CRMEvent) {
        guard prediction.subjectID == nil, case .object(let members) = prediction.params, !members.isEmpty
        else { return }
        let parameters = members.compactMap { name, value in
            value.integer.map { ParameterRow.Parameter(name: name, nano: $0) }
        }
        self.parameters[PositionKey(event.position.index)] = ParameterRow(
            time: event.time.milliseconds, model: prediction.modelID, version: prediction.modelVersion,
            inputPosition: prediction.inputPosition, parameters: parameters)
        changed(event, prediction.modelID, parameters.reduce(0) { $0 &+ $1.nano })
    }
}
