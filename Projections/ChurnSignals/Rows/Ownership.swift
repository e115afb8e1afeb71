import CRMEvents
import EventModel
import ProjectionRuntime

/// Whose event is it (READ_MODELS.md section 0), before merges and conversions, which are applied by who reads.
///
/// What the event says itself is ``CRMEvent/owner``. Where that is no account, the account counts that the first event
/// of its stream named; for a promise on a ticket, the ticket's.
extension ChurnSignals {
    /// The party of an event; `nil` when neither the event nor its stream names one.
    func owner(of event: CRMEvent) -> PartyKey? {
        let named = event.owner.map { PartyKey($0) }
        if named?.kind == .account || event.body.isOfParty { return named }
        guard event.revision != .first || event.body.isPromise else { return named }
        let anchor = anchors[event.body.isPromise ? "ticket-" + event.stream.id : event.stream.text]?.party
        return anchor?.kind == .account ? anchor : named ?? anchor
    }

    /// Remembers whose stream the first event begins, where later events of the stream do not repeat it.
    func anchor(_ event: CRMEvent) {
        guard event.revision == .first, let owner = owner(of: event) else { return }
        anchors[event.stream.text] = AnchorRow(party: owner)
    }
}

/// The party that the first event of a stream named.
struct AnchorRow: Hashable, Sendable, RowValue {
    let party: PartyKey

    init(party: PartyKey) { self.party = party }
    init(from decoder: inout RowDecoder) throws(RowError) { party = try decoder.party() }
    func encode(to encoder: inout RowEncoder) { encoder.party(party) }
}

extension CRMEvent.Body {
    /// Whether every event of the kind names its party or stands in the party's own stream.
    fileprivate var isOfParty: Bool {
        switch self {
        case .account, .contact, .party, .behavior, .privacy, .interaction, .survey: true
        default: false
        }
    }

    /// Whether it is about a promise on a ticket, which has a stream of its own.
    fileprivate var isPromise: Bool {
        switch self {
        case .ticket(.slaApplied), .ticket(.slaConcluded): true
        default: false
        }
    }
}
