public import CRMEvents
public import CanonicalJSON
public import EventLog
public import EventModel
internal import RecordFormat

/// Finds whose personal data an event holds (CATALOG.md section 3): a party or user, or the stream itself where nobody
/// is named.
///
/// Streams that belong to a party are asked for once: their first event never changes.
public struct SubjectFinder {
    /// Streams whose party is remembered, at most.
    private static let knownCountMax = 100_000
    /// Streams that an anchor may lead through: an SLA names its ticket, the ticket its account.
    private static let anchorDepthMax = 4

    private let log: EventLog
    private var known: [String: String] = [:]
    /// What events on their way to the log say of streams that have none there yet.
    private var announced: [String: String] = [:]
    /// Whether an account is a natural person, by its stream, as the log says.
    private var people: [String: Bool] = [:]
    /// Accounts on their way to the log that say they are, the newest and those before: whoever is forgotten is
    /// recorded or refused long since.
    private var announcedPeople: (newest: Set<String>, older: Set<String>) = ([], [])

    /// A finder for the events of a log.
    public init(_ log: EventLog) { self.log = log }

    /// The subject of an event that is about to be recorded, by the rule of its type.
    ///
    /// - Throws: ``ReadError`` if the stream's first event is needed and cannot be read.
    public mutating func subject(
        of data: JSONNode, type: EventTypeDefinition, in stream: StreamName
    ) throws(ReadError) -> String {
        for subject in type.sealing.subjects {
            if let found = try find(subject, data, type, stream) { return found }
        }
        return stream.text
    }

    /// Takes down whose stream an event is about to begin, for those that come behind it before it is recorded.
    ///
    /// Only what passes through this finder is known. Whoever sends a stream's first event and the next ones over
    /// several connections at once may find these sealed under a key of the stream's own.
    public mutating func announce(_ data: JSONNode, type: EventTypeDefinition, in stream: String) {
        if data[Self.naturalPerson]?.boolean == true {
            if announcedPeople.newest.count >= Self.knownCountMax { announcedPeople = ([], announcedPeople.newest) }
            announcedPeople.newest.insert(stream)
        }
        guard known[stream] == nil, announced[stream] == nil, let anchor = Self.anchors(type, data).first else {
            return
        }
        if announced.count >= Self.knownCountMax { announced = [:] }
        announced[stream] = anchor
    }

    /// Whether an account is a natural person, as its `account.created` says: in the log, among the first
    /// ``creationDepthMax`` events of its stream, else on its way there. One that nobody created yet is none
    /// (CATALOG.md section 2).
    ///
    /// Of what is on its way only that is known which passed through this finder: whoever creates a person and speaks
    /// of it over another connection before the creation is acknowledged is taken to speak of a company.
    ///
    /// - Throws: ``ReadError`` if those events cannot be read.
    public mutating func isNaturalPerson(account stream: String) throws(ReadError) -> Bool {
        if let found = people[stream] { return found }
        guard let created = try creation(of: stream) else {
            return announcedPeople.newest.contains(stream) || announcedPeople.older.contains(stream)
        }
        let isPerson = (try? JSONDocument(parsing: created.content.data).root)?[Self.naturalPerson]?.boolean == true
        if people.count >= Self.knownCountMax { people = [:] }
        people[stream] = isPerson
        return isPerson
    }

    /// Events of an account's stream among which the one is looked for that created it.
    public static let creationDepthMax = 64
    private static let naturalPerson = "natural_person"

    private func creation(of stream: String) throws(ReadError) -> RecordedEvent? {
        guard let name = try? StreamName(stream) else { return nil }
        let events = try log.read(ReadRequest(.stream(name), from: 0, count: Self.creationDepthMax))
        return events.first { $0.content.type == "account.created" }
    }

    private mutating func find(
        _ subject: DataSubject, _ data: JSONNode, _ type: EventTypeDefinition, _ stream: StreamName
    ) throws(ReadError) -> String? {
        switch subject {
        case .field(let field): return data[field]?.text.map { Self.name($0, inField: field) }
        case .pair(let stem): return Self.pair(stem, data)
        case .partyOf(let stem):
            guard let named = Self.pair(stem, data) else { return nil }
            return try party(of: named, depth: 0)
        case .stream: return stream.text
        case .firstParty: return data["party_ids"]?.elements.first { _ in true }?.text
        case .anchor:
            if let owner = try party(of: stream.text, depth: 0) { return owner }
            // The first event of its stream says itself whose the stream is.
            guard let own = Self.anchors(type, data).first else { return nil }
            let owner = try party(of: own, depth: 1) ?? own
            remember(owner, for: stream.text)
            return owner
        case .itself, .correctedEvent: return nil
        }
    }

    /// The party to whom a stream belongs: itself if it is a party's own, else what its first event is anchored to.
    private mutating func party(of stream: String, depth: Int) throws(ReadError) -> String? {
        guard depth < Self.anchorDepthMax, let name = try? StreamName(stream) else { return nil }
        if ["account", "contact", "lead", "party", "user"].contains(name.category) { return stream }
        if let found = known[stream] { return found }
        guard let anchor = try recordedAnchor(of: name) ?? announced[stream] else { return nil }
        let owner = try party(of: anchor, depth: depth + 1) ?? anchor
        remember(owner, for: stream)
        return owner
    }

    private func recordedAnchor(of stream: StreamName) throws(ReadError) -> String? {
        guard let first = try firstEvent(of: stream), let type = Catalog.standard[first.content.type],
            let data = try? JSONDocument(parsing: first.content.data).root
        else { return nil }
        return Self.anchors(type, data).first
    }

    private func firstEvent(of stream: StreamName) throws(ReadError) -> RecordedEvent? {
        try log.read(ReadRequest(.stream(stream), from: 0, count: 1)).first
    }

    private mutating func remember(_ owner: String, for stream: String) {
        if known.count >= Self.knownCountMax { known = [:] }
        known[stream] = owner
    }

    /// The streams that an event's anchors name.
    private static func anchors(_ type: EventTypeDefinition, _ data: JSONNode) -> [String] {
        type.terms.filter(\.isAnchor).compactMap { term in
            if case .named(let by) = term.namespace {
                guard let kind = data[by]?.text, let id = data[term.field]?.text else { return nil }
                return "\(kind)-\(id)"
            }
            let value = data[term.field]
            let id = value?.kind == .array ? value?.elements.first { _ in true }?.text : value?.text
            return id.map { name($0, inField: term.field) }
        }
    }

    private static func pair(_ stem: String, _ data: JSONNode) -> String? {
        guard let kind = data["\(stem)_type"]?.text, let id = data["\(stem)_id"]?.text else { return nil }
        return "\(kind)-\(id)"
    }

    /// The stream of the entity that a field names.
    private static func name(_ id: String, inField field: String) -> String {
        switch TermNamespace(ofField: field) {
        case .party, .named: id
        case .fixed("owner"): "user-\(id)"
        case .fixed(let category): "\(category)-\(id)"
        }
    }
}
