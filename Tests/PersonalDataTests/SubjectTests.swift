import CRMEvents
import CanonicalJSON
import EventLog
import EventModel
import EventTestKit
import PersonalData
import SubjectKeys
import Testing

/// Appends events through the door of personal data, one after the other.
private struct Office: ~Copyable {
    let log: EventLog
    let keys: SubjectKeys
    var door: PersonalDoor
    var count = 0

    init(_ log: EventLog) throws {
        self.log = log
        keys = try LogKeys(of: log.directory).open(for: log)
        door = PersonalDoor(keys, log)
    }

    mutating func append(_ type: String, to stream: String, _ data: JSON) async throws {
        count += 1
        let document = try JSONDocument(parsing: data.canonicalBytes)
        let event = EventKey(source: "/t", id: "e\(count)")
        let stream = try StreamName(stream)
        let definition = try #require(Catalog.standard[type])
        var terms = TermList()
        var places = PersonalPlaces()
        let isPerson =
            try PersonalDoor.accountTypes.index(of: type) != nil
            && door.isAboutPerson(document.root, in: stream.text)
        try Catalog.standard.check(
            type: type.utf8.span, schema: 1, stream: stream.text.utf8.span, data: document.cursor,
            isNaturalPerson: isPerson, terms: &terms, personal: &places)
        var content = EventContent(type: type, key: event, data: data.canonicalBytes)
        var sealed: [SealedFields] = []
        if places.count > 0 {
            let parts = try door.seal(document.root, places, type: definition, in: stream, event: event)
            content.data = parts.data
            sealed = [parts.sealed]
        }
        try door.commit()
        let proposal = ProposedEvent(content, terms: terms.texts, sealed: sealed)
        _ = try await log.append([StreamAppend([proposal], to: stream, expecting: .any)])
    }

    /// What the newest event's slot holds for a reader.
    func newest(_ right: ReadingRight = .every) throws -> PersonalContent? {
        let events = OpenedEvents(log, PersonalReader(keys, log, right))
        return try events.events(from: Position(log.end.index - 1), count: 1).first?.personal.first
    }

    /// Erases a subject's key, as an event at the log's end would say.
    func erase(_ subject: String, _ purpose: String) throws {
        let found = try keys.keys(of: [subject], purposes: [purpose])
        #expect(found.count == 1, "\(subject) has one key for \(purpose)")
        try keys.erase(
            ErasureFence(
                position: log.end, subjects: [subject], purposes: [purpose], keyIDs: found.map(\.id),
                fingerprints: found.map(\.fingerprint)))
    }
}

@Suite struct `The subject of personal fields` {
    private func withOffice(_ body: (inout Office) async throws -> Void) async throws {
        try await TemporaryLog().withLog(extractor: Catalog.termExtractor) { log async throws in
            var office = try Office(log)
            try await body(&office)
        }
    }

    @Test func `is the party that a field names`() async throws {
        try await withOffice { office async throws in
            try await office.append(
                "contact.created", to: "contact-17", ["contact_id": "17", "family_name": "Example"])
            #expect(try office.newest() == .opened(Array(#"{"family_name":"Example"}"#.utf8)))
            #expect(try office.newest(.only(["sales"])) == .sealed(purpose: "identity"))
            try office.erase("contact-17", "identity")
            #expect(try office.newest() == .erased(at: office.log.end))
        }
    }

    @Test func `is the party to whom the stream's first event is anchored`() async throws {
        try await withOffice { office async throws in
            try await office.append(
                "opportunity.opened", to: "opportunity-o5",
                [
                    "opportunity_id": "o5", "account_id": "42", "name": "Deal", "pipeline_id": "p",
                    "pipeline_version": 1, "stage_id": "s", "owner_id": "u7", "note": "knows Ann",
                ])
            try await office.append(
                "opportunity.lost", to: "opportunity-o5",
                ["reason_code": "price", "lost_at": 1, "stage_id": "s", "note": "Ann said no"])
            #expect(try office.newest() == .opened(Array(#"{"note":"Ann said no"}"#.utf8)))
            try office.erase("account-42", "sales")
            #expect(try office.newest() == .erased(at: office.log.end))
        }
    }

    @Test(arguments: [true, false])
    func `is an account that said of itself that it is a person, whoever speaks of it`(isPerson: Bool) async throws {
        try await withOffice { office async throws in
            try await office.append(
                "account.created", to: "account-f1",
                ["account_id": "f1", "natural_person": .boolean(isPerson), "name": "Ann"])
            try await office.append(
                "account.updated", to: "account-f1",
                ["changes": [["field": "name", "old": "Ann", "new": "Ann B"], ["field": "industry", "new": "art"]]])
            #expect((try office.newest() != nil) == isPerson)
            try await office.append(
                "opportunity.opened", to: "opportunity-o1",
                [
                    "opportunity_id": "o1", "account_id": "f1", "name": "For Ann", "pipeline_id": "p",
                    "pipeline_version": 1, "stage_id": "s", "owner_id": "u7",
                ])
            #expect((try office.newest() == .opened(Array(#"{"name":"For Ann"}"#.utf8))) == isPerson)
            let clear = try office.log.events(from: .origin, count: 3)
                .map { String(decoding: $0.content.data, as: UTF8.self) }
            #expect(clear.allSatisfy { $0.contains("Ann") != isPerson }, "\(clear)")
            #expect(clear[1].contains("art") && clear[1].contains("name"), "which fields changed is not personal")
        }
    }

    @Test func `is a person also where something else began the account's stream, and no rumour makes one`()
        async throws
    {
        try await withOffice { office async throws in
            let nothing = try JSONDocument(parsing: Array("{}".utf8)).root
            try await office.append("account.owner_assigned", to: "account-f1", ["owner_id": "u1", "mode": "manual"])
            #expect(try !office.door.isAboutPerson(nothing, in: "account-f1"))
            try await office.append(
                "account.created", to: "account-f1", ["account_id": "f1", "natural_person": true, "name": "Ann"])
            var other = PersonalDoor(office.keys, office.log)
            #expect(try other.isAboutPerson(nothing, in: "account-f1"))
            // An event that never comes into the log says nothing of an account that is there.
            try await office.append("account.created", to: "account-c1", ["account_id": "c1", "name": "Company"])
            let claim = try JSONDocument(parsing: Array(#"{"natural_person":true}"#.utf8)).root
            let created = try #require(Catalog.standard["account.created"])
            other.announce(claim, type: created, in: "account-c1")
            other.announce(claim, type: created, in: "account-new")
            #expect(try !other.isAboutPerson(nothing, in: "account-c1"))
            #expect(try other.isAboutPerson(nothing, in: "account-new"), "one on its way counts")
        }
    }

    @Test func `is the stream itself where nobody is named`() async throws {
        try await withOffice { office async throws in
            try await office.append(
                "campaign.created", to: "campaign-c1",
                try #require(Catalog.standard.example(of: "campaign.created", .minimal, personal: .leftOut)).data
                    .with("campaign_id", "c1").with("note", "for Ann"))
            try office.erase("campaign-c1", "marketing")
            #expect(try office.newest() == .erased(at: office.log.end))
        }
    }

    @Test func `stays known after a restart`() async throws {
        let place = try TemporaryLog()
        try await place.withLog(extractor: Catalog.termExtractor) { log async throws in
            var office = try Office(log)
            try await office.append(
                "contact.created", to: "contact-17", ["contact_id": "17", "family_name": "Example"])
        }
        try await place.withLog(extractor: Catalog.termExtractor) { log async throws in
            let office = try Office(log)
            #expect(try office.newest() == .opened(Array(#"{"family_name":"Example"}"#.utf8)))
            try log.seal()
            #expect(try office.newest() == .opened(Array(#"{"family_name":"Example"}"#.utf8)))
        }
    }
}

extension JSON {
    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}
