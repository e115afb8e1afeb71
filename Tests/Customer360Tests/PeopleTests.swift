import CanonicalJSON
import EventModel
import Testing

@Suite struct `People` {
    private func contacts(_ history: History, of account: String = "42") async throws -> [JSON] {
        try await Customers(history).customer(account)?.at("contacts.entries")?.elements ?? []
    }

    @Test func `of an account stand on its page, in the order of their ids`() async throws {
        var history = History()
        history.account("42")
        history.contact("c2", named: "王", email: "wang@example.com")
        history.contact("c1", named: "Smith", title: "Buyer")
        history.link("c2", to: "42", as: "decision_maker")
        history.link("c1", to: "42", as: "user")
        history.link("c1", to: "421", as: "user")
        let found = try await contacts(history)
        #expect(found.map { $0["contact_id"]?.text } == ["c1", "c2"])
        #expect(
            found.last == [
                "contact_id": "c2", "merged": [], "role": "decision_maker", "primary": false, "active": true,
                "event": "e3",
                "profile": ["job_title": ["value": "CTO", "event": "e1"]], "consent": [:],
                "person": [
                    "family_name": ["value": "王", "event": "e1"],
                    "email": ["value": "wang@example.com", "event": "e1"],
                ],
                "links": [],
            ])
    }

    @Test func `who were merged are one person, with what was said of either`() async throws {
        var history = History()
        history.account("42")
        history.contact("c1", named: "Smith", email: "old@example.com")
        history.contact("c2", named: "Smith-Jones", title: "Buyer")
        for contact in ["c1", "c2"] { history.link(contact, to: "42", as: "user") }
        history.merge(party: "contact-c2", into: "contact-c1")
        let one = try await contacts(history)
        #expect(one.count == 1 && one.first?["contact_id"] == "c1" && one.first?["merged"] == ["contact-c2"])
        #expect(one.first?["person"]?["family_name"]?["value"] == "Smith-Jones")
        #expect(one.first?["person"]?["email"]?["value"] == "old@example.com")
        history.unmerge(party: "contact-c2", from: "contact-c1")
        #expect(try await contacts(history).map { $0["contact_id"] } == ["c1", "c2"])
    }

    @Test func `who were merged have the consent of either, and the best link that one of them has`() async throws {
        var history = History()
        history.account("42")
        history.link("c1", to: "42", as: "user", isActive: false)
        history.link("c3", to: "42", as: "decision_maker")
        history.consent("contact-c3", "news", "email")
        history.merge(party: "contact-c1", into: "contact-c2")
        history.merge(party: "contact-c3", into: "contact-c2")
        let one = try await contacts(history)
        #expect(one.count == 1 && one.first?["contact_id"] == "c2")
        #expect(one.first?["merged"] == ["contact-c1", "contact-c3"])
        #expect(one.first?["role"] == "decision_maker" && one.first?["active"] == true)
        #expect(one.first?.at("consent.news.email.state") == "granted")
    }

    @Test func `who were merged are told by what happened last, not by what was told last`() async throws {
        var history = History()
        for (account, name, minute) in [("7", "New", 100), ("8", "Old", 1)] as [(String, String, Int64)] {
            history.add(
                "account.created", "account-" + account, ["account_id": .text(account), "natural_person": true],
                personal: .opened(["name": .text(name)]), minute: minute)
        }
        history.merge("8", into: "7")
        #expect(try await Customers(history).customer("7")?.at("person.name.value") == "New")
    }

    @Test func `who are customers and were merged have the newest of what was said of either`() async throws {
        var history = History()
        for (account, name) in [("7", "Li"), ("8", "Li Lei")] {
            history.add(
                "account.created", "account-" + account, ["account_id": .text(account), "natural_person": true],
                personal: .opened(["name": .text(name)]))
        }
        history.merge("8", into: "7")
        #expect(try await Customers(history).customer("7")?.at("person.name.value") == "Li Lei")
        let erased = history.erasing(["account-8": Position(3)])
        #expect(try await Customers(erased).customer("7")?.at("person.erased.position") == 3)
    }

    @Test func `stand on the page before those who have left, however many have`() async throws {
        var history = History()
        for number in 100..<160 {
            history.link("c\(number)", to: "42", as: "user")
            history.link("c\(number)", to: "42", as: "user", isActive: false)
        }
        history.link("z", to: "42", as: "decision_maker")
        let found = try await contacts(history)
        #expect(
            found.count == 50 && found.first?["contact_id"] == "z" && found.dropFirst().first?["contact_id"] == "c100")
    }

    @Test func `keep the newest value of each field, and the last role at an account`() async throws {
        var history = History()
        history.account("42")
        history.contact("c1", named: "Smith", email: "old@example.com")
        history.link("c1", to: "42", as: "user")
        history.add(
            "contact.updated", "contact-c1",
            ["changes": [["field": "email"], ["field": "job_title", "old": "CTO", "new": "CEO"]]],
            personal: .opened(["changes": ["email": ["old": "old@example.com", "new": "new@example.com"]]]))
        history.add(
            "contact.point_verified", "contact-c1",
            ["contact_id": "c1", "kind": "email", "result": "valid", "method": "link"],
            personal: .opened(["value": "new@example.com"]))
        history.link("c1", to: "42", as: "decision_maker", isActive: false)
        let contact = try #require(try await contacts(history).first)
        #expect(contact.at("person.email") == ["value": "new@example.com", "event": "e3"])
        #expect(contact.at("person.family_name.value") == "Smith")
        #expect(contact.at("profile.job_title") == ["value": "CEO", "event": "e3"])
        #expect(contact.at("profile.email_status") == ["value": "valid", "event": "e4"])
        #expect(contact["role"] == "decision_maker" && contact["active"] == false)
    }

    @Test func `who are customers themselves have their names beside the public profile`() async throws {
        var history = History()
        history.add(
            "account.created", "account-7", ["account_id": "7", "natural_person": true],
            personal: .opened(["name": "李雷", "billing_address": ["city": "上海"]]))
        history.add(
            "account.updated", "account-7", ["changes": [["field": "name"]]],
            personal: .opened(["changes": ["name": ["old": "李雷", "new": "李磊"]]]))
        let customer = try #require(try await Customers(history).customer("7"))
        #expect(customer.at("profile.name") == nil)
        #expect(customer.at("person.name") == ["value": "李磊", "event": "e1"])
        #expect(customer.at("person.billing_address.value.city") == "上海")
        var company = History()
        company.account("42", ["name": "Muster AG"])
        let plain = try #require(try await Customers(company).customer("42"))
        #expect(plain["person"] == .null && plain.at("profile.name.value") == "Muster AG")
    }

    @Test func `have the other names that they are known by`() async throws {
        var history = History()
        history.account("42", ["external_ids": [["system": "erp", "id": "K-7"]]])
        history.account("43", ["external_ids": [["system": "shop", "id": "s9"]]])
        history.contact("c1", named: "Li")
        history.link("c1", to: "42", as: "user")
        for (party, kind) in [("account-42", "anonymous_id"), ("contact-c1", "user_id")] {
            history.add(
                "identity.linked", party,
                ["party_id": .text(party), "kind": .text(kind), "confidence": 9_500, "source": "login"],
                personal: .opened(["value": "v1"]))
        }
        history.merge("43", into: "42")
        let page = try #require(try await Customers(history).customer("42"))
        #expect(
            page.at("identity.external_ids") == [
                ["system": "erp", "id": "K-7", "party": "account-42", "event": "e0"],
                ["system": "shop", "id": "s9", "party": "account-43", "event": "e1"],
            ])
        func link(_ party: String, _ kind: String, _ value: JSON, _ position: Int64) -> JSON {
            [
                [
                    "party": .text(party), "kind": .text(kind), "value": value, "source": "login",
                    "confidence_bp": 9_500, "event": .text("e\(position)"), "position": .integer(position),
                ]
            ]
        }
        #expect(page.at("identity.links") == link("account-42", "anonymous_id", "v1", 4))
        #expect(page["person"] == .null)
        let contact = page.at("contacts.entries")?.elements?.first
        #expect(contact?["links"] == link("contact-c1", "user_id", "v1", 5))
        let erased = try await Customers(history.with(.erased(at: Position(99)), in: ["account-42"])).customer("42")
        #expect(
            erased?.at("identity.links") == link("account-42", "anonymous_id", ["erased": ["position": 99]], 4))
    }

    @Test func `behind a lead have their fields on its page, and their message on the timeline`() async throws {
        var history = History()
        history.add(
            "lead.captured", "lead-9", ["lead_id": "9", "source": "fair", "channel": "web", "company_name": "Muster"],
            personal: .opened(["person": ["family_name": "韩", "phone": "+8613800000000"], "message": "请报价"]))
        history.add(
            "lead.updated", "lead-9",
            ["changes": [["field": "person"], ["field": "title", "new": "Buyer"]]],
            personal: .opened(["changes": ["person": ["new": ["email": "han@example.com"]]]]))
        let lead = try #require(try await Customers(history).customer("lead-9"))
        #expect(lead.at("person.family_name.value") == "韩" && lead.at("person.email.value") == "han@example.com")
        #expect(lead.at("person.message") == nil && lead.at("profile.title.value") == "Buyer")
        let entries = try #require(lead.at("timeline.entries")?.elements)
        #expect(entries.last?.at("personal.message") == "请报价")
    }

    @Test func `of a company with very many are cut at fifty, and the page says so`() async throws {
        var history = History()
        history.account("42")
        for number in 10..<61 { history.link("c\(number)", to: "42", as: "user") }
        let block = try #require(try await Customers(history).customer("42")?["contacts"])
        #expect(block["entries"]?.elements?.count == 50 && block["more"] == true)
        #expect(block["entries"]?.elements?.first?["person"] == .null)
    }
}
