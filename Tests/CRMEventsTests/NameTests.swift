import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `Names` {
    @Test(arguments: [
        "contact-13812345678", "lead-x_13912345678", "lead-19912345678.old", "contact-86:13812345678",
    ]) func `of streams are refused when they look like a telephone number`(_ name: String) throws {
        let stream = try StreamName(name)
        let error = try #require(throws: InvalidName.self) { try Catalog.checkName(stream) }
        #expect(error.problem == .looksPersonal && !error.description.contains(name))
    }

    @Test(arguments: [
        "contact-12812345678", "contact-138123456789", "contact-1381234567", "contact-8613812345678",
        "contact-1381234567a8", "account-91310115", "lead-02112345678",
    ]) func `of streams are accepted when old systems could have made them`(_ name: String) throws {
        try Catalog.checkName(try StreamName(name))
    }

    @Test(arguments: ["li@x.example", "+8613812345678", "call +49 (0)1234567", "13812345678", "a 13812345678"])
    func `of events are refused when they look personal`(_ id: String) {
        #expect(throws: InvalidName.self) { try Catalog.checkName(eventID: id) }
    }

    @Test(arguments: ["01HRE463QTVFF5QPCWWWCW7MBA", "1+1", "+123456", "sync 7", "1234567+"])
    func `of events are accepted otherwise`(_ id: String) throws { try Catalog.checkName(eventID: id) }

    @Test(arguments: [
        ("oportunity.opened", "opportunity.opened"), ("opportunity.stage_change", "opportunity.stage_changed"),
        ("order.place", "order.placed"), ("Lead.Captured", "lead.captured"),
    ]) func `of types that are misspelt lead to the nearest one`(type: String, nearest: String) throws {
        let error = try refusal(type, "lead-9", [:])
        #expect(error == .unknownType(type, nearest: nearest) && error.code == .unknownType)
        #expect(error.description.contains("Did you mean '\(nearest)'?"))
    }

    @Test(arguments: ["weather.turned", "", "x", String(repeating: "order.placed", count: 9)])
    func `of types that resemble nothing lead nowhere`(_ type: String) throws {
        #expect(try refusal(type, "lead-9", [:]) == .unknownType(type, nearest: nil))
    }

    @Test func `of types are repeated only when they look like names`() throws {
        #expect(try refusal("hello 13812345678", "lead-9", [:]).description.contains("by that name of 17 bytes"))
    }

    @Test func `of types in another schema are refused`() throws {
        let example = try Example.of("lead.assigned")
        let error = try refusal(example.type, example.stream, example.minimal, schema: 2)
        #expect(error == .unknownSchema(type: "lead.assigned", found: 2, known: 1) && error.code == .invalidEvent)
    }
}
