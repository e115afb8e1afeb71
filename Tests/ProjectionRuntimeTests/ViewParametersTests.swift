import CanonicalJSON
import EventModel
import ProjectionRuntime
import Testing

@Suite struct `View parameters` {
    private let parameters: ViewParameters

    init() throws {
        parameters = try ViewParameters([
            "text": "x", "integer": 7, "boolean": true, "day": "2024-02-29", "nothing": nil, "limit": 5, "odd": [],
            "noday": "2023-02-29",
        ])
    }

    @Test func `come out by type`() throws {
        #expect(try parameters.text("text") == "x")
        #expect(try parameters.integer("integer") == 7)
        // An id may be nothing but digits.
        #expect(try parameters.text("integer") == "7")
        #expect(try parameters.boolean("boolean") == true)
        #expect(try parameters.day("day") == CivilDay("2024-02-29"))
        #expect(try parameters.choice("text", of: ["x", "y"], default: "y") == "x")
        #expect(try parameters.choice("absent", of: ["x", "y"], default: "y") == "y")
        #expect(try parameters.limit(default: 3, max: 5) == 5)
        #expect(try ViewParameters().limit(default: 3, max: 5) == 3)
    }

    @Test(arguments: ["absent", "nothing"])
    func `that are absent or null are nil`(name: String) throws {
        #expect(try parameters.text(name) == nil)
        #expect(try parameters.integer(name) == nil)
        #expect(try parameters.boolean(name) == nil)
        #expect(try parameters.day(name) == nil)
    }

    @Test func `of another type are refused by name`() {
        #expect(throws: ViewError.badParameter(name: "odd", found: "not a text", allowed: "a text")) {
            try parameters.text("odd")
        }
        #expect(throws: ViewError.badParameter(name: "text", found: "not an integer", allowed: "an integer")) {
            try parameters.integer("text")
        }
        #expect(throws: ViewError.self) { try parameters.boolean("integer") }
        #expect(throws: ViewError.self) { try parameters.day("noday") }
        #expect(throws: ViewError.self) { try parameters.day("integer") }
        #expect(throws: ViewError.self) { try parameters.choice("text", of: ["a", "b"], default: "a") }
        #expect(throws: ViewError.self) { try parameters.limit(default: 1, max: 4) }
        #expect(throws: ViewError.self) { try ViewParameters(["limit": 0]).limit(default: 1, max: 4) }
        #expect(throws: ViewError.self) { try ViewParameters(["limit": "3"]).limit(default: 1, max: 4) }
    }

    @Test func `that nobody asked for are refused, with those that may stand`() throws {
        let error = #expect(throws: ViewError.self) { try parameters.allow("text", "limit") }
        #expect(error == .unknownParameter(name: "boolean", allowed: ["text", "limit"]))
        #expect(error?.code == .syntax)
        try parameters.allow("text", "integer", "boolean", "day", "nothing", "limit", "odd", "noday")
        try ViewParameters().allow()
    }

    @Test func `are an object`() {
        for json in [[], "x", nil, 3, true] as [JSON] {
            #expect(throws: ViewError.self) { try ViewParameters(json) }
        }
    }
}
