import CanonicalJSON
import EventModel
import Testing

@Suite struct `Texts on the timeline` {
    private var history: History {
        var history = History()
        history.account("42")
        history.contact("c1", named: "Smith")
        history.link("c1", to: "42", as: "user")
        history.add(
            "interaction.recorded", "interaction-i1",
            [
                "interaction_id": "i1", "channel": "call", "direction": "in", "party_ids": ["account-42"],
                "started_at": 0,
            ], personal: .opened(["subject": "价格", "note": "asks for a discount"]))
        history.add(
            "ticket.opened", "ticket-t1",
            [
                "ticket_id": "t1", "number": "T1", "account_id": "42", "channel": "email", "kind": "incident",
                "priority": "high",
            ], personal: .opened(["subject": "Gateway offline"]))
        history.answer("s1", by: "account-42", "nps", 9)
        history.add(
            "survey.responded", "survey-s2",
            ["survey_id": "s2", "party_id": "account-42", "kind": "nps", "score": 9, "scale_max": 10],
            personal: .opened(["comment": "很好"]))
        return history
    }

    private func texts(_ history: History) async throws -> [JSON] {
        let entries = try await Customers(history).customer("42")?.at("timeline.entries")?.elements ?? []
        return entries.map { $0["personal"] ?? "no member" }
    }

    @Test func `stand with their events, and nothing stands where nothing was said`() async throws {
        #expect(
            try await texts(history) == [
                ["comment": "很好"], .null, ["subject": "Gateway offline"],
                ["subject": "价格", "note": "asks for a discount"], .null, .null,
            ])
    }

    @Test func `of somebody erased are marks that name the erasure, also before it`() async throws {
        let streams: Set = ["interaction-i1", "contact-c1"]
        let erased = history.with(.erased(at: Position(99)), in: streams)
        let mark: JSON = ["erased": ["position": 99]]
        #expect(try await texts(erased)[3] == mark)
        #expect(try await texts(erased)[2] == ["subject": "Gateway offline"])
        let contact = try await Customers(erased).customer("42")?.at("contacts.entries")?.elements?.first
        #expect(contact?["person"] == mark && contact?.at("profile.job_title.value") == "CTO")
        let then = try #require(try await Customers(erased, at: 3).customer("42"))
        #expect(then.at("timeline.entries")?.elements?.first?["personal"] == mark)
    }

    @Test func `that nobody opened are marks that name the purpose`() async throws {
        let sealed = history.with(.sealed(purpose: "service"), in: ["ticket-t1", "contact-c1"])
        #expect(try await texts(sealed)[2] == ["sealed": ["purpose": "service"]])
        let contact = try await Customers(sealed).customer("42")?.at("contacts.entries")?.elements?.first
        #expect(contact?["person"] == ["sealed": ["purpose": "service"]])
    }

    @Test func `longer than an entry may be are replaced with their length`() async throws {
        var history = History()
        history.account("42")
        let fields: JSON = ["note": .text(String(repeating: "长", count: 600))]
        history.add("account.classified", "account-42", ["scheme": "tier", "value": "a"], personal: .opened(fields))
        #expect(try await texts(history).first == ["long": ["bytes": .integer(Int64(fields.canonicalBytes.count))]])
    }

    @Test func `change no row: what is erased or sealed gives the rows that it gave before`() async throws {
        let streams = Set(history.events.map(\.stream.text))
        let open = try await FoldedState(history)
        for content in [PersonalContent.erased(at: Position(7)), .sealed(purpose: "sales")] {
            let other = try await FoldedState(history.with(content, in: streams))
            #expect(other == open)
        }
    }

    @Test func `give the same rows however often the view was interrupted`() async throws {
        let whole = try await FoldedState(history)
        for stops in [[1], [3, 4], [1, 2, 3, 4, 5, 6]] {
            #expect(try await FoldedState(history, stoppingAt: stops) == whole, "stopped at \(stops)")
        }
    }
}
