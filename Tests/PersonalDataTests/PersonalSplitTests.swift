import CRMEvents
import CanonicalJSON
import EventModel
import PersonalData
import Testing

/// The two parts of the data of an event of the catalog.
private func split(_ type: String, _ stream: String, _ data: JSON) throws -> PersonalSplit {
    let document = try JSONDocument(parsing: data.canonicalBytes)
    var terms = TermList()
    var places = PersonalPlaces()
    try Catalog.standard.check(
        type: type.utf8.span, schema: 1, stream: stream.utf8.span, data: document.cursor, terms: &terms,
        personal: &places)
    return PersonalSplit(document.root, personal: places)
}

@Suite struct `The parts of an event` {
    @Test func `are what is public and what is personal`() throws {
        let parts = try split(
            "contact.created", "contact-17",
            ["contact_id": "17", "family_name": "Example", "email": "a@example.com", "job_title": "buyer"])
        #expect(parts.open == ["contact_id": "17", "job_title": "buyer"])
        #expect(parts.personal == ["family_name": "Example", "email": "a@example.com"])
    }

    @Test func `keep the way to a member of an object, and leave no empty object behind`() throws {
        let parts = try split(
            "lead.captured", "lead-9",
            [
                "lead_id": "9", "source": "web", "channel": "web",
                "person": ["given_name": "Ann", "email": "a@example.com"], "message": "call me",
            ])
        #expect(parts.open["person"] == nil && parts.open["message"] == nil)
        #expect(parts.personal["person"]?["email"]?.text == "a@example.com")
        #expect(parts.personal["message"]?.text == "call me")
    }

    @Test func `say that a personal field changed and seal from what to what`() throws {
        let data: JSON = [
            "changes": [
                ["field": "email", "old": "a@example.com", "new": "b@example.com"],
                ["field": "job_title", "old": "buyer", "new": "boss"],
            ], "reason": "edit",
        ]
        let parts = try split("contact.updated", "contact-17", data)
        #expect(
            parts.open["changes"]
                == [["field": "email"], ["field": "job_title", "old": "buyer", "new": "boss"]])
        #expect(parts.personal == ["changes": ["email": ["old": "a@example.com", "new": "b@example.com"]]])
        #expect(parts.whole == data)
    }

    @Test func `make a company's name public and a person's personal`() throws {
        let company: JSON = ["account_id": "1", "name": "Example Ltd"]
        #expect(try split("account.created", "account-1", company).open == company)
        let person = try split(
            "account.created", "account-1", ["account_id": "1", "name": "Ann", "natural_person": true])
        #expect(person.open == ["account_id": "1", "natural_person": true])
        #expect(person.personal == ["name": "Ann"])
    }

    @Test(arguments: Catalog.standard.types.map(\.name))
    func `together are what was sent`(type: String) throws {
        for size in [EventExample.Extent.minimal, .full] {
            let example = try #require(Catalog.standard.example(of: type, size, personal: .included))
            let parts = try split(type, example.stream, example.data)
            #expect(parts.whole == example.data)
            // Nothing personal stays: what is left passes the door that refuses personal members, or lacks them.
            let paths = Set(Catalog.standard[type]?.personalPaths.filter { $0.mark == .always }.map(\.path) ?? [])
            for path in paths where !path.hasPrefix("changes.") {
                let value = path.split(separator: ".").reduce(Optional(parts.open)) { $0?[String($1)] }
                #expect(value == nil, "\(path)")
            }
        }
    }
}
