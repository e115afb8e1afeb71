public import CRMEvents
import EventModel
public import ProjectionRuntime

/// Which customers are about to leave, judged by what they did, said, bought and paid.
///
/// The rows hold facts as integers, in the order of the log; every signal, probability and risk is computed from them
/// when somebody asks. That keeps a rebuild equal to the byte on every machine, whatever its C library makes of a
/// logarithm, and lets any question be as of any moment: what came later is passed over.
///
/// Histories are kept whole. A window of the signals is at most 196 days long, but the moment it ends at is the
/// question's, and purchases count from the first one on. What is bounded is the row: a full chunk of facts is laid
/// aside and never changes again, and of several contacts on one UTC day only the first is a fact: in another time zone
/// the last contact may be told a day early.
///
/// Invariants of the rows:
/// 1. A party's facts are those of its own events alone; merges, conversions and links are applied by who reads.
/// 2. A fact is never changed or removed. A cancellation is a fact of its own.
/// 3. The content row has changed if and only if any other row has.
public final class ChurnSignals: Projection {
    public static let name = "churn-signals"
    public static let version: UInt32 = 7
    public static let handles: Set<EventGroup> = [
        .account, .contact, .party, .behavior, .privacy, .lead, .opportunity, .interaction, .contract, .order,
        .invoice, .payment, .subscription, .ticket, .survey, .rule, .insight,
    ]

    static let customers = TableName<PartyKey, CustomerRow>("customers")
    static let chunks = TableName<ChunkKey, FactChunk>("chunks")
    /// By survivor or account, and the other way around for who looks for it: the same rows twice.
    static let ties = TableName<TieKey, TieRow>("ties")
    static let tiesBack = TableName<TieKey, TieRow>("ties-back")
    static let rules = TableName<PositionKey, RuleRow>("rules")
    static let parameters = TableName<PositionKey, ParameterRow>("parameters")
    static let content = TableName<OnlyRow, ContentRow>("content")

    let customers: Table<PartyKey, CustomerRow>
    let chunks: Table<ChunkKey, FactChunk>
    let ties: Table<TieKey, TieRow>
    let tiesBack: Table<TieKey, TieRow>
    let rules: Table<PositionKey, RuleRow>
    let parameters: Table<PositionKey, ParameterRow>
    let content: Sums<OnlyRow, ContentRow>

    public init(tables: TableSet) {
        customers = tables.open(Self.customers)
        chunks = tables.open(Self.chunks)
        ties = tables.open(Self.ties)
        tiesBack = tables.open(Self.tiesBack)
        rules = tables.open(Self.rules)
        parameters = tables.open(Self.parameters)
        content = tables.openSums(Self.content)
    }

    /// What was said of two parties belongs to the survivor or the account, whom those events name.
    public static func entity(of event: CRMEvent) -> EntityKey {
        if let contact = unreached(event) { return EntityKey(PartyReference.contact(contact.id)) }
        return event.owner.map { EntityKey($0) } ?? EntityKey(event.stream.text)
    }

    /// The contact whose mail came back for good. That is the contact's event, whoever the mail was about: the account
    /// of its stream need not be the one that the contact decides for.
    static func unreached(_ event: CRMEvent) -> PartyKey? {
        guard case .interaction(.emailEngaged(let mail)) = event.body, mail.kind == "hard_bounced",
            let party = PartyKey(ownStream: mail.partyID), party.kind == .contact
        else { return nil }
        return party
    }

    /// Lays a fact down with its party; nobody's events are passed over.
    func note(_ what: Fact.What, _ event: CRMEvent) {
        guard let owner = event.owner else { return }
        note(what, event, of: PartyKey(owner))
    }

    /// Lays a fact down with a party.
    func note(_ what: Fact.What, _ event: CRMEvent, of party: PartyKey) {
        let (position, time) = (event.position.index, event.time.milliseconds)
        var isNews = false
        var full: (chunk: UInt64, facts: [Fact])?
        customers.update(party, orInsert: CustomerRow()) { row in
            isNews = row.isNews(what, at: time)
            guard isNews else { return }
            row.facts.append(Fact(position: position, time: time, what: what))
            guard row.facts.count == CustomerRow.factCountMax else { return }
            full = (UInt64(row.chunkCount), row.facts)
            row.facts = []
            row.chunkCount += 1
        }
        if let full { chunks[ChunkKey(party, full.chunk)] = FactChunk(full.facts) }
        if isNews { changed(event, party.id, what.fingerprint) }
    }

    /// Lays down what was said about two parties, where either of them will be looked for.
    func tie(_ first: PartyKey, _ second: PartyKey, _ kind: TieRow.Kind, _ event: CRMEvent) {
        let assertion = TieRow.Assertion(
            position: event.position.index, time: event.time.milliseconds, kind: kind)
        ties.update(TieKey(first, second), orInsert: TieRow()) { $0.assertions.append(assertion) }
        tiesBack.update(TieKey(second, first), orInsert: TieRow()) { $0.assertions.append(assertion) }
        changed(event, second.name, kind.rawValue)
    }

    /// Takes a change into the fingerprint of all rows.
    func changed(_ event: CRMEvent, _ id: String, _ number: Int64) {
        let (position, time) = (event.position.index, event.time.milliseconds)
        content.add(to: OnlyRow()) { $0.add(position, time, Ref(id), number) }
    }
}

extension ChurnSignals {
    /// The civil day in UTC of an instant in milliseconds, in days since 1970-01-01.
    static func day(of milliseconds: Int64) -> Int64 { milliseconds.floorDivided(by: Timestamp.millisecondsPerDay) }
}
