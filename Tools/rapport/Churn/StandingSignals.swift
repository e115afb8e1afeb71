import CanonicalJSON
import EventModel

/// The signals of this program about one account that were raised and not cleared, folded from its stream.
struct StandingSignals {
    /// The newest event of the stream; `nil` before the first one.
    private(set) var revision: Revision?
    /// The greatest time of a signal.
    private(set) var latest: Timestamp?
    /// The signals that stand: id and kind.
    private var standing: [String: String] = [:]

    /// The account whose signals a stream has; `nil` for every other stream.
    static func account(of stream: StreamName) -> String? {
        let prefix = "signal-account-"
        return stream.text.hasPrefix(prefix) ? String(stream.text.dropFirst(prefix.count)) : nil
    }

    /// Takes over the next event of the stream. What other producers raise is their own matter.
    mutating func take(_ event: RecordedEvent) {
        revision = event.revision
        guard let data = try? JSON(parsing: event.content.data), let id = data["signal_id"]?.text else { return }
        switch event.content.type {
        case "signal.raised" where event.content.key.source == Churn.source: standing[id] = data["kind"]?.text
        case "signal.cleared" where standing[id] != nil: standing[id] = nil
        default: return
        }
        latest = max(latest ?? event.time, event.time)
    }

    /// Whether anything has to be said.
    func isCrossed(by customer: CustomerRisk) -> Bool { Set(standing.values) != Set(customer.band.kinds) }

    /// What has to be said so that the signals of a band stand and no others; empty where they do. Each append expects
    /// the revision that this was folded up to, so nothing is said twice whatever the ids of the events.
    ///
    /// - Parameter evidence: the ids of the events that the risk rests on.
    func crossing(to customer: CustomerRisk, evidence: [String]) -> [EventContent] {
        let next = revision.map { $0.index + 1 } ?? 0
        let known = Set(standing.values)
        let raised = customer.band.kinds.filter { !known.contains($0) }.map { kind in
            Self.content(
                "signal.raised",
                [
                    "signal_id": .text("\(kind).\(next).\(customer.account.prefix(64))"), "kind": .text(kind),
                    "subject_type": "account", "subject_id": .text(customer.account),
                    "severity": .integer(customer.risk), "evidence_event_ids": .array(evidence.map { .text($0) }),
                    "rule_version": .integer(customer.ruleVersion),
                ])
        }
        let cleared = standing.filter { !customer.band.kinds.contains($0.value) }.sorted { $0.key > $1.key }.map {
            id, _ in
            Self.content(
                "signal.cleared",
                ["signal_id": .text(id), "cause": .text("\(customer.band) at \(customer.risk) bp")])
        }
        return raised + cleared
    }

    private static func content(_ type: String, _ data: JSON) -> EventContent {
        EventContent(type: type, key: EventKey(source: Churn.source, id: Input.newID()), data: data.canonicalBytes)
    }
}
