import CanonicalJSON
import EventModel
import Testing

@testable import CRMEvents

@Suite struct `Whose event it is` {
    private struct NoLookUp: Error {}

    /// Decoded events of streams in the order of the list; positions and revisions count up.
    private func events(_ list: [(type: String, stream: String, data: JSON)]) throws -> [CRMEvent] {
        var revisions: [String: UInt64] = [:]
        return try list.enumerated().map { index, entry in
            var event = try recorded(entry.type, entry.stream, entry.data, at: UInt64(index))
            event.revision = Revision(revisions[entry.stream, default: 0])
            revisions[entry.stream, default: 0] += 1
            return try CRMEvent(event)
        }
    }

    private let history: [(type: String, stream: String, data: JSON)] = [
        ("weather.turned", "ticket-1", ["account_id": "42"]),
        ("weather.turned", "ticket-1", [:]),
        ("weather.turned", "ticket-1", ["account_id": "7"]),
        ("weather.turned", "ticket-1", ["contact_id": "17"]),
        ("weather.turned", "ticket-2", ["party_id": "lead-9"]),
        ("weather.turned", "ticket-2", [:]),
        ("weather.turned", "ticket-2", ["contact_id": "17"]),
        ("weather.turned", "ticket-3", [:]),
        ("weather.turned", "ticket-3", ["account_id": "42"]),
        ("weather.turned", "ticket-3", [:]),
        ("weather.turned", "lead-9", [:]),
        ("weather.turned", "lead-9", ["account_id": "42"]),
        ("weather.turned", "lead-9", [:]),
        ("weather.turned", "ticket-4", ["contact_id": "17"]),
        ("weather.turned", "ticket-4", [:]),
    ]

    private let owners: [PartyReference?] = [
        .account("42"), .account("42"), .account("7"), .account("42"), .lead("9"), .lead("9"), .lead("9"), nil,
        .account("42"), nil, .lead("9"), .account("42"), .lead("9"), .contact("17"), .contact("17"),
    ]

    @Test func `is said by the event, else by the first event of its stream; accounts go before leads before contacts`()
        throws
    {
        var events = try events(history)
        var anchors = Anchors()
        try anchors.attribute(&events) { _ in throw NoLookUp() }
        #expect(events.map(\.owner) == owners)
    }

    @Test func `is looked up for streams whose first event was not seen, once`() throws {
        let all = try events(history)
        for start in 1..<all.count {
            var anchors = Anchors()
            var asked: [String] = []
            var late = Array(all[start...])
            anchors.attribute(&late) { stream in
                asked.append(stream.text)
                return all.first { $0.stream == stream }
            }
            #expect(late.map(\.owner) == Array(owners[start...]), "from \(start)")
            #expect(Set(asked).count == asked.count)
        }
    }

    @Test func `is found among many streams, ahead of the fold and again`() throws {
        let list = (0..<5_000).map { index in
            (type: "weather.turned", stream: "ticket-\(index)", data: ["account_id": .text("a\(index)")] as JSON)
        }
        let later = list.map { (type: $0.type, stream: $0.stream, data: [:] as JSON) }
        let all = try events(list + later)
        var anchors = Anchors()
        for _ in 0..<2 {
            var copy = all
            try anchors.attribute(&copy) { _ in throw NoLookUp() }
            #expect((0..<5_000).allSatisfy { copy[5_000 + $0].owner == .account("a\($0)") })
        }
    }

    /// First events that name an account, and later ones that do not.
    private func named(_ count: Int) throws -> [CRMEvent] {
        let firsts = (0..<count).map { index in
            (type: "weather.turned", stream: "ticket-\(index)", data: ["account_id": .text("a\(index)")] as JSON)
        }
        return try events(firsts + firsts.map { (type: $0.type, stream: $0.stream, data: [:] as JSON) })
    }

    @Test func `is known to who takes over what another fold had learned`() throws {
        let all = try named(3_000)
        var firsts = Array(all[..<3_000])
        var anchors = Anchors()
        try anchors.attribute(&firsts) { _ in throw NoLookUp() }
        var others = Anchors()
        let isAdopted = others.adopt(anchors.packed, learned: Position(3_000))
        let learned = others.learned
        #expect(isAdopted && learned == Position(3_000))
        var late = Array(all[3_000...])
        try others.attribute(&late) { _ in throw NoLookUp() }
        #expect((0..<3_000).allSatisfy { late[$0].owner == .account("a\($0)") })
    }

    @Test func `is looked up where such bytes end too early`() throws {
        var firsts = Array(try named(3)[..<3])
        var anchors = Anchors()
        try anchors.attribute(&firsts) { _ in throw NoLookUp() }
        let packed = anchors.packed
        for count in 1..<packed.count where count % (packed.count / 3) != 0 {
            var others = Anchors()
            let isAdopted = others.adopt(Array(packed[..<count]), learned: Position(3))
            let learned = others.learned
            #expect(!isAdopted && learned == nil, "\(count) bytes")
        }
    }
}

@Suite struct `Whose stream it is through another stream` {
    private func event(_ type: String, _ stream: String, _ data: JSON, at position: UInt64) throws -> CRMEvent {
        var event = try recorded(type, stream, data, at: position)
        event.revision = .first
        return try CRMEvent(event)
    }

    private func promise(at position: UInt64) throws -> CRMEvent {
        let sla = try #require(Catalog.standard.example(of: "sla.applied", .minimal, personal: .leftOut)).data
        return try event("sla.applied", "sla-t1", sla.with("ticket_id", "t1"), at: position)
    }

    private func ticket(at position: UInt64) throws -> CRMEvent {
        let data = try #require(Catalog.standard.example(of: "ticket.opened", .minimal, personal: .leftOut)).data
        return try event(
            "ticket.opened", "ticket-t1", data.with("ticket_id", "t1").with("account_id", "42"), at: position)
    }

    @Test func `is the party of the ticket that a promise names`() throws {
        var events = [try ticket(at: 0), try promise(at: 1)]
        var anchors = Anchors()
        anchors.attribute(&events) { _ in nil }
        #expect(events.map(\.owner) == [.account("42"), .account("42")])
        // Looked up as well, where the ticket was not seen.
        let first = events[0]
        var late = [events[1]]
        var others = Anchors()
        others.attribute(&late) { $0 == first.stream ? first : nil }
        #expect(late[0].owner == .account("42"))
    }

    @Test func `is nobody's while the named stream has not begun, also for who knows the whole log`() throws {
        let history = [try promise(at: 0), try ticket(at: 1)]
        var anchors = Anchors()
        for _ in 0..<2 {
            var events = history
            anchors.attribute(&events) { _ in nil }
            #expect(events.map(\.owner) == [nil, .account("42")])
        }
        var alone = [history[0]]
        var others = Anchors()
        others.attribute(&alone) { $0 == history[1].stream ? history[1] : nil }
        #expect(alone[0].owner == nil)
    }
}

@Suite struct `A way through many streams` {
    /// Tasks, each about the one before; the first is about an account.
    private func tasks(_ count: Int) throws -> [CRMEvent] {
        let data = try #require(Catalog.standard.example(of: "task.created", .minimal, personal: .leftOut)).data
        return try (0..<count).map { index in
            let about: JSON = index == 0 ? "account" : "task"
            var event = try recorded(
                "task.created", "task-t\(index)",
                data.with("task_id", .text("t\(index)")).with("about_type", about)
                    .with("about_id", .text(index == 0 ? "42" : "t\(index - 1)")), at: UInt64(index))
            event.revision = .first
            return try CRMEvent(event)
        }
    }

    @Test func `ends at the same party, wherever the fold began`() throws {
        let all = try tasks(12)
        var whole = all
        var seen = Anchors()
        seen.attribute(&whole) { _ in nil }
        #expect(whole.allSatisfy { $0.owner == .account("42") })
        for start in 1..<12 {
            var late = Array(all[start...])
            var anchors = Anchors()
            anchors.attribute(&late) { stream in all.first { $0.stream == stream } }
            #expect(late.allSatisfy { $0.owner == .account("42") }, "from \(start)")
        }
    }
}
