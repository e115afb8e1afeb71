import CanonicalJSON
public import EventModel

/// Every lifecycle of the catalog, found by the type of an event.
struct LifecycleTable: Sendable {
    /// In the order of CATALOG.md section 7.
    static let all: [Lifecycle] = [
        .lead, .pool, .opportunity, .quote, .contract, .order, .invoice, .payment, .ticket, .subscription, .approval,
        .consent, .campaign,
    ]

    static let standard = LifecycleTable(all)

    private struct Entry: Sendable {
        let type: String
        let lifecycle: Lifecycle
        let transitions: [Transition]
        /// Whether the data must be parsed.
        let readsData: Bool
    }

    private let types: JSONNames
    private let entries: [Entry]

    init(_ lifecycles: [Lifecycle]) {
        var entries: [Entry] = []
        for lifecycle in lifecycles {
            for transition in lifecycle.transitions where !entries.contains(where: { $0.type == transition.type }) {
                let own = lifecycle.transitions.filter { $0.type == transition.type }
                let readsData = !lifecycle.partFields.isEmpty || own.contains(where: \.readsData)
                entries.append(
                    Entry(type: transition.type, lifecycle: lifecycle, transitions: own, readsData: readsData))
            }
        }
        self.entries = entries
        types = JSONNames(entries.map(\.type))
    }

    func governs(_ type: Span<UInt8>) -> Bool { types.index(of: type) != nil }

    func advance(
        _ state: inout LifecycleState, _ type: Span<UInt8>, _ actor: Span<UInt8>, _ data: Span<UInt8>
    ) -> IllegalTransition? {
        guard let index = types.index(of: type) else { return nil }
        let entry = entries[index]
        let bytes = entry.readsData ? data.indices.map { data[$0] } : []
        let event = LifecycleEvent(
            type: entry.type, actor: String(decoding: actor.indices.map { actor[$0] }, as: UTF8.self),
            data: entry.readsData ? (try? JSONDocument(parsing: bytes))?.root : nil)
        return entry.lifecycle.advance(&state, event, among: entry.transitions)
    }
}

extension Catalog {
    /// The catalog's lifecycles as the value that the log takes, since the log does not know the catalog.
    public static let lifecycleRules = LifecycleRules(
        governs: { LifecycleTable.standard.governs($0) },
        advance: { LifecycleTable.standard.advance(&$0, $1, $2, $3) })
}
