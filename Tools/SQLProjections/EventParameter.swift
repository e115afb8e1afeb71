import CRMEvents
import CivilTime
import EventModel
import SQLite

/// What a statement can take from an event, as a named parameter.
enum EventParameter: String, CaseIterable {
    /// Its index in the log.
    case position
    /// When it happened, and when it was written, in milliseconds since 1970-01-01T00:00:00Z.
    case time, recorded
    /// The civil day of `time` in the projection's time zone, `YYYY-MM-DD`.
    case day
    /// Where it stands, and what its id is.
    case stream, revision, source, id
    case type, actor, correlation, causation, reason
    /// JSON objects as canonical texts.
    case meta, data
    /// Whose event it is as far as the event names it, without the category; NULL otherwise.
    case account, lead
    /// The opened personal fields as a JSON object; NULL unless the fold was allowed to open them.
    case personal

    /// All of them, as a sentence lists them.
    static let names = allCases.map { ":\($0.rawValue)" }.joined(separator: " ")

    /// Whether it takes the decoded event to know it.
    var needsDecoding: Bool { self == .account || self == .lead }
}

/// An event as statements see it: in the newest shape of its type.
struct FoldedEvent {
    let type: String
    private let recorded: RecordedEvent
    private let data: [UInt8]
    /// The account, else the lead, that the event names; read only where it is asked for.
    private var party: PartyReference?

    private static let newest = Dictionary(
        uniqueKeysWithValues: Catalog.standard.types.map { ($0.name, $0.schema) })

    /// An event; `nil` for one whose type or schema this build does not know.
    ///
    /// - Parameter needsDecoding: whether the statements of a type ask for more than envelope and data.
    init?(_ recorded: RecordedEvent, needsDecoding: (String) -> Bool) throws(UndecodableEvent) {
        self.recorded = recorded
        let content = recorded.content
        if Self.newest[content.type] == content.schema || content.type.hasPrefix("x_") {
            (type, data) = (content.type, content.data)
            if needsDecoding(type) { party = try CRMEvent(recorded).owner }
        } else {
            let event = try CRMEvent(recorded)
            if case .unrecognised = event.body { return nil }
            (type, data) = (event.type, event.data)
            party = event.owner
        }
    }

    private var personal: [UInt8]? { if case .opened(let bytes) = recorded.personal.first { bytes } else { nil } }

    func bind(
        _ parameter: EventParameter, to statement: Statement, at index: Int, in zone: CivilZone
    ) throws(SQLiteError) {
        let content = recorded.content
        switch parameter {
        case .position: try statement.bind(Int64(clamping: recorded.position.index), at: index)
        case .time: try statement.bind(recorded.time.milliseconds, at: index)
        case .recorded: try statement.bind(recorded.recorded.milliseconds, at: index)
        case .day: try statement.bind(zone.day(of: recorded.time.milliseconds).description, at: index)
        case .stream: try statement.bind(recorded.stream.text, at: index)
        case .revision: try statement.bind(Int64(clamping: recorded.revision.index), at: index)
        case .source: try statement.bind(content.key.source, at: index)
        case .id: try statement.bind(content.key.id, at: index)
        case .type: try statement.bind(type, at: index)
        case .actor: try bind(content.actor, statement, index)
        case .correlation: try bind(content.correlation, statement, index)
        case .causation: try bind(content.causation, statement, index)
        case .reason: try bind(content.reason, statement, index)
        case .meta: try statement.bind(utf8: content.meta, at: index)
        case .data: try statement.bind(utf8: data, at: index)
        case .account: try bind(account ?? "", statement, index)
        case .lead: try bind(lead ?? "", statement, index)
        case .personal:
            guard let personal else { return try statement.bindNull(at: index) }
            try statement.bind(utf8: personal, at: index)
        }
    }

    private var account: String? { if case .account(let id) = party { id } else { nil } }
    private var lead: String? { if case .lead(let id) = party { id } else { nil } }

    /// An empty text of the envelope means that it is absent.
    private func bind(_ text: String, _ statement: Statement, _ index: Int) throws(SQLiteError) {
        if text.isEmpty { try statement.bindNull(at: index) } else { try statement.bind(text, at: index) }
    }
}
