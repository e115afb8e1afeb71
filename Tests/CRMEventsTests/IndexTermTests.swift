import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `Index terms` {
    /// Each follows from the words of CATALOG.md section 4 and the terms column of section 5.
    @Test(
        arguments: [
            ("account.created", ["owner:u7"]),
            ("account.updated", []),
            ("account.owner_assigned", ["owner:u7", "user:u6"]),
            ("lead.captured", ["campaign:k3", "partner:p5", "user:u8"]),
            ("lead.assigned", ["owner:u7", "user:u6", "rule:r1"]),
            ("lead.qualified", ["user:u7"]),
            ("lead.converted", ["account:42", "contact:17", "opportunity:o5"]),
            ("opportunity.opened", ["account:42", "owner:u7", "campaign:k3", "lead:9"]),
            ("opportunity.won", ["order:r9", "contract:c2"]),
            ("opportunity.lost", []),
            (
                "interaction.recorded",
                ["contact:17", "account:42", "opportunity:o5", "ticket:t4", "campaign:k3", "lead:9"]
            ),
            ("email.engaged", ["account:42", "campaign:k3"]),
            ("behavior.tracked", []),
            ("survey.responded", ["account:42", "survey:nps.1"]),
            ("campaign.created", ["campaign:k1"]),
            ("order.placed", ["account:42", "opportunity:o5", "contract:c2", "quote:q8"]),
            ("payment.received", ["account:42"]),
            ("rule.published", []),
        ] as [(String, [String])])
    func `follow from the fields`(type: String, terms: [String]) throws {
        let example = try Example.of(type)
        #expect(try check(type, example.stream, example.full) == terms)
        #expect(
            Catalog.terms(
                type: type, stream: try StreamName(example.stream),
                data: try JSONDocument(parsing: example.full.canonicalBytes).root) == terms)
    }

    @Test func `stand once each`() throws {
        let data = try Example.of("interaction.recorded").minimal
            .with("party_ids", ["lead-9", "account-42", "lead-9"]).with("lead_id", "9")
        #expect(try check("interaction.recorded", "interaction-i1", data) == ["lead:9", "account:42"])
    }

    @Test func `do not repeat the stream's own entity`() throws {
        let data = try Example.of("campaign.created").minimal.with("parent_id", "k3")
        #expect(try check("campaign.created", "campaign-k3", data) == [])
    }

    @Test func `name a known visitor by the party`() throws {
        let data: JSON = ["name": "x", "party_id": "account-42"]
        #expect(try check("behavior.tracked", "behavior-account-42", data) == ["account:42"])
        #expect(
            try check("behavior.tracked", "behavior-party-a1", ["name": "x", "party_id": "party-a1"]) == ["party:a1"])
    }

    @Test func `keep the hyphens of an id`() throws {
        let data = try Example.of("interaction.recorded").minimal.with("party_ids", ["account-a-b"])
        #expect(try check("interaction.recorded", "interaction-i1", data) == ["account:a-b"])
    }

    @Test func `are twenty-eight at most, beside the four of the envelope`() throws {
        let most = (1...28).map { JSON.text("account-\($0)") }
        let data = try Example.of("interaction.recorded").minimal.with("party_ids", .array(most))
        #expect(try check("interaction.recorded", "interaction-i1", data).count == 28)
        let error = try refusal("interaction.recorded", "interaction-i1", data.with("lead_id", "9"))
        #expect(error == .tooManyTerms(type: "interaction.recorded", count: 29) && error.code == .limit)
    }

    @Test func `of recorded events never fail`() throws {
        let stream = try StreamName("lead-9")
        for data: JSON in ["x", [], [:], ["owner_id": 4], ["owner_id": nil], ["party_ids": [4, "account", "lead-1"]]] {
            let node = try JSONDocument(parsing: data.canonicalBytes).root
            #expect(Catalog.terms(type: "lead.assigned", stream: stream, data: node) == [])
            #expect(Catalog.terms(type: "never.heard", stream: stream, data: node) == [])
        }
        let odd = try JSONDocument(parsing: ([4, "account", "lead-1"] as JSON).canonicalBytes).root
        #expect(Catalog.terms(type: "interaction.recorded", stream: stream, data: odd) == [])
    }
}
