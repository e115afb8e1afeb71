import CRMEvents
public import CanonicalJSON
import EventModel
public import ProjectionRuntime

extension ChurnSignals {
    /// The events behind a customer's risk, newest first: positions, ids, types, times and streams; `nil` for who has
    /// no row. They are those that the reasons name, at most ``Measure/evidenceCountMax`` of each.
    ///
    /// - Parameters:
    ///   - field: `risk_bp`, `band` or `reasons`, or one reason by its signal, such as `reasons.cadence`.
    ///   - parameters: those of ``get(_:_:in:)``.
    public static func why(
        _ key: String, field: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot
    ) throws(ViewError) -> JSON? {
        let path = field.split(separator: ".").map(String.init)
        guard ["risk_bp", "band", "reasons"].contains(path.first), path.count == 1 || path[0] == "reasons" else {
            throw .badParameter(
                name: "FIELD", found: "not a value with evidence",
                allowed: "risk_bp, band, reasons, or one of these such as reasons.cadence")
        }
        guard let row = try get(key, parameters, in: snapshot) else { return nil }
        let signal = path.dropFirst().first
        let reasons = (row["reasons"]?.elements ?? []).filter { signal == nil || $0["signal"]?.text == signal }
        let evidence = reasons.flatMap { ($0["evidence"]?.elements ?? []).compactMap(\.integer) }
        var events: [JSON] = []
        for position in Set(evidence).sorted(by: >) {
            guard let event = try snapshot.event(at: Position(UInt64(position))) else { continue }
            events.append([
                "position": .integer(position), "id": .text(event.id), "type": .text(event.type),
                "time_ms": .integer(event.time.milliseconds), "stream": .text(event.stream.text),
            ])
        }
        let value = signal == nil ? row[path[0]] : reasons.first
        return ["field": .text(field), "value": value ?? .null, "events": .array(events), "next": nil]
    }
}
