import CanonicalJSON
import EventModel

/// The signals about one account that were raised and not cleared, folded from its stream.
struct StandingSignals {
    /// The newest event of the stream; `nil` before the first one.
    private(set) var revision: Revision?
    /// The ids of the signals that stand, by kind.
    private(set) var ids: [String: String] = [:]

    /// The account whose signals a stream has; `nil` for every other stream.
    static func account(of stream: StreamName) -> String? {
        let prefix = "signal-account-"
        return stream.text.hasPrefix(prefix) ? String(stream.text.dropFirst(prefix.count)) : nil
    }

    /// Takes over the next event of the stream. Signals of kinds that the churn view does not raise are others' matter.
    mutating func take(_ event: RecordedEvent) {
        revision = event.revision
        guard let data = try? JSON(parsing: event.content.data), let id = data["signal_id"]?.text else { return }
        switch event.content.type {
        case "signal.raised":
            if let kind = data["kind"]?.text, RiskBand.allKinds.contains(kind) { ids[kind] = id }
        case "signal.cleared": ids = ids.filter { $0.value != id }
        default: break
        }
    }

    /// What has to be said so that the signals of a band stand and no others; empty where they do.
    ///
    /// - Parameter evidence: the ids of the events that the risk rests on.
    func crossing(to customer: CustomerRisk, evidence: [String]) -> [EventContent] {
        let next = revision.map { $0.index + 1 } ?? 0
        func content(_ type: String, _ kind: String, _ data: JSON) -> EventContent {
            let id = "\(type):\(kind):\(customer.account):\(next)"
            return EventContent(type: type, key: EventKey(source: Churn.source, id: id), data: data.canonicalBytes)
        }
        let raised = customer.band.kinds.filter { ids[$0] == nil }.map { kind in
            content(
                "signal.raised", kind,
                [
                    "signal_id": .text("\(kind).\(customer.account).\(next)"), "kind": .text(kind),
                    "subject_type": "account", "subject_id": .text(customer.account),
                    "severity": .integer(customer.risk), "evidence_event_ids": .array(evidence.map { .text($0) }),
                    "rule_version": .integer(customer.ruleVersion),
                ])
        }
        let cleared = RiskBand.allKinds.reversed().filter { !customer.band.kinds.contains($0) }.compactMap { kind in
            ids[kind].map { id in
                content(
                    "signal.cleared", kind,
                    ["signal_id": .text(id), "cause": .text("\(customer.band) at \(customer.risk) bp")])
            }
        }
        return raised + cleared
    }

    /// Whether anything has to be said.
    func isCrossed(by customer: CustomerRisk) -> Bool { Set(ids.keys) != Set(customer.band.kinds) }
}
