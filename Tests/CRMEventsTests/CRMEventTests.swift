import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `A typed event` {
    @Test func `keeps its place, time and key`() throws {
        let event = try decoded("lead.qualified", "lead-9", ["stage": "mql", "criteria_version": 1, "by": "u7"])
        #expect(event.position == Position(7) && event.revision == Revision(3) && event.stream.text == "lead-9")
        #expect(event.time.milliseconds == 1_000 && event.recorded.milliseconds == 2_000)
        #expect(event.type == "lead.qualified" && event.id == "e1" && event.group == .lead)
    }

    @Test func `of a type from the future is unrecognised, and still tells whose it is`() throws {
        func party(_ stream: String, _ data: JSON) throws -> PartyReference? {
            let event = try decoded("weather.turned", stream, data)
            guard case .unrecognised = event.body else { Issue.record("recognised"); return nil }
            #expect(event.group == nil)
            return event.party
        }
        #expect(try party("ticket-1", ["account_id": "42"]) == .account("42"))
        #expect(try party("ticket-1", ["party_id": "lead-9"]) == .lead("9"))
        #expect(try party("ticket-1", ["party_ids": ["contact-1", "lead-9", "account-42"]]) == .account("42"))
        #expect(try party("ticket-1", ["target_type": "account", "target_id": "42"]) == .account("42"))
        #expect(try party("ticket-1", ["target_type": "partner", "target_id": "42"]) == nil)
        #expect(try party("lead-9", [:]) == .lead("9"))
        #expect(try party("ticket-1", [:]) == nil)
    }

    @Test func `of a company's own type is known by its name, without its definition`() throws {
        let type = "x_acme.site_visited"
        let event = try decoded(type, "x_acme-1", ["account_id": "42", "purpose": "audit"])
        guard case .other(let other) = event.body else { Issue.record("not recognised"); return }
        #expect(other.group == .custom && other.data["purpose"]?.text == "audit")
        #expect(event.group == .custom && event.party == .account("42") && event.type == type)
        var newer = try recorded(type, "x_acme-1", [:])
        newer.content.schema = 2
        #expect(try CRMEvent(newer).group == nil)
    }

    @Test(
        arguments: [
            ("account.created", .account("42")), ("account.updated", .account("42")), ("lead.captured", .lead("9")),
            ("lead.assigned", .lead("9")), ("lead.converted", .account("42")), ("opportunity.opened", .account("42")),
            ("opportunity.won", nil), ("interaction.recorded", .account("42")), ("email.engaged", .account("42")),
            ("behavior.tracked", .anonymous("a1")), ("survey.responded", .account("42")),
            ("order.placed", .account("42")),
            ("order.cancelled", nil), ("payment.received", .account("42")), ("campaign.created", nil),
            ("rule.published", nil),
        ] as [(String, PartyReference?)])
    func `tells whose it is`(type: String, party: PartyReference?) throws {
        let example = try Example.of(type)
        #expect(try decoded(type, example.stream, example.full).party == party)
    }

    @Test func `prefers an account among its parties to a lead`() throws {
        func party(_ parties: JSON) throws -> PartyReference? {
            let data = try Example.of("interaction.recorded").minimal.with("party_ids", parties)
            return try decoded("interaction.recorded", "interaction-i1", data).party
        }
        #expect(try party(["lead-9", "contact-1", "account-42", "account-43"]) == .account("42"))
        #expect(try party(["contact-1", "lead-9", "lead-8"]) == .lead("9"))
        #expect(try party(["contact-1"]) == .contact("1"))
    }

    @Test func `keeps unknown words and passes over unknown fields`() throws {
        let data: JSON = ["stage": "dreaming", "criteria_version": 1, "by": "u7", "mood": "good"]
        guard case .lead(.qualified(let event)) = try decoded("lead.qualified", "lead-9", data).body else {
            Issue.record("not a qualification")
            return
        }
        #expect(event.stage == "dreaming" && event.by == "u7")
    }

    @Test func `cannot be made without a required field`() throws {
        for (data, field, problem) in [
            (["by": "u7", "criteria_version": 1], "stage", .missing), (["by": 7, "stage": "mql"], "by", .wrongKind),
            ([], "data", .notAnObject),
        ] as [(JSON, String, UndecodableEvent.Problem)] {
            let error = try #require(throws: UndecodableEvent.self) {
                try decoded("lead.qualified", "lead-9", data)
            }
            #expect(error.field == field && error.problem == problem && error.type == "lead.qualified")
            #expect(error.position == Position(7) && error.code == .corrupt)
        }
    }

    @Test func `cannot be made from bytes that are no JSON`() throws {
        var event = try recorded("lead.qualified", "lead-9", [:])
        event.content.data = Array("{\"score\":1.5}".utf8)
        #expect(throws: UndecodableEvent.self) { try CRMEvent(event) }
    }

    @Test func `without a personal name has none`() throws {
        let account = try Example.of("account.created").minimal.with("name", nil)
        guard case .account(.created(let created)) = try decoded("account.created", "account-42", account).body
        else {
            Issue.record("not an account")
            return
        }
        #expect(created.name == nil)
        let deal = try Example.of("opportunity.opened").minimal.with("name", nil)
        guard case .opportunity(.opened(let opened)) = try decoded("opportunity.opened", "opportunity-o5", deal).body
        else {
            Issue.record("not a deal")
            return
        }
        #expect(opened.name == nil)
    }
}
