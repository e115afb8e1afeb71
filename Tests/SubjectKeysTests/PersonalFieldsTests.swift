import Testing

@testable import SubjectKeys

@Suite struct `Personal fields` {
    @Test func `make one canonical object, whatever their order`() throws {
        let personal = try fields(
            ("person.phone", "null"), ("note", #""x""#), ("person.name.given", #""Ann""#), ("person.email", "[1,2]"))
        #expect(
            String(decoding: personal.canonical, as: UTF8.self)
                == #"{"note":"x","person":{"email":[1,2],"name":{"given":"Ann"},"phone":null}}"#)
        #expect(personal.fields.map(\.path) == ["note", "person.email", "person.name.given", "person.phone"])
        #expect(try PersonalFields(canonical: personal.canonical) == personal)
    }

    /// RFC 8785 section 3.2.3 sorts names by UTF-16, commitments are sorted by UTF-8: U+10000 stands first and last.
    @Test func `are sorted by UTF-16 in the object and by UTF-8 in the commitments`() throws {
        let personal = try fields(("\u{10000}", "1"), ("\u{E000}", "2"), ("a", "3"))
        #expect(String(decoding: personal.canonical, as: UTF8.self) == "{\"a\":3,\"\u{10000}\":1,\"\u{E000}\":2}")
        #expect(personal.fields.map(\.path) == ["a", "\u{E000}", "\u{10000}"])
    }

    @Test func `that are objects stand for what is inside them`() throws {
        let changes = try fields(("changes.email", #"{"new":"b","old":null}"#))
        #expect(changes.fields.map(\.path) == ["changes.email.new", "changes.email.old"])
        #expect(String(decoding: changes.canonical, as: UTF8.self) == #"{"changes":{"email":{"new":"b","old":null}}}"#)
    }

    @Test func `that prefix each other but for a dot are different members`() throws {
        let personal = try fields(("a.c", "1"), ("a-b", "2"), ("ab", "3"), ("a.b.c", "4"))
        #expect(String(decoding: personal.canonical, as: UTF8.self) == #"{"a":{"b":{"c":4},"c":1},"a-b":2,"ab":3}"#)
        #expect(try PersonalFields(canonical: personal.canonical) == personal)
    }

    @Test(
        arguments: [
            ([], .emptyObject),
            ([("a", "1"), ("a", "1")], .noJSON),
            ([("a", "1"), ("a.b", "1")], .noJSON),
            ([("a", "")], .noJSON),
            ([("a", "01")], .noJSON),
            ([("a", "1.5")], .noJSON),
            ([("a", #"1,"x":2"#)], .noJSON),
            ([("a", "1}")], .noJSON),
            ([("a", " 1")], .notCanonical),
            ([("a", #"{"b":1, "c":2}"#)], .notCanonical),
            ([("a", #""\u0041""#)], .notCanonical),
            ([("a", "{}")], .emptyObject),
            ([("a", #"{"b":{}}"#)], .emptyObject),
            ([("a", #"{"b.c":1}"#)], .name),
            ([("a", #"{"":1}"#)], .name),
            ([("", "1")], .name),
            ([("a..b", "1")], .name),
            ([("a", "\"" + String(repeating: "x", count: 256 * 1024) + "\"")], .tooLarge),
            ([(String(repeating: "x", count: 65_536), "1")], .name),
        ] as [([(String, String)], SealError.Problem)])
    func `that do not fit are refused`(members: [(String, String)], problem: SealError.Problem) {
        #expect(throws: SealError.unfit(problem)) {
            try PersonalFields(members.map { PersonalField(path: $0.0, value: Array($0.1.utf8)) })
        }
    }

    @Test(arguments: [
        "", "1", "[]", "{}", "{\"a\":1", "{\"a\": 1}", "{\"b\":1,\"a\":2}", "{\"a\":1}{}", "{\"a\":1,\"a\":1}",
    ])
    func `are not made from bytes that are no canonical object`(text: String) {
        #expect(throws: SealError.self) { try PersonalFields(canonical: Array(text.utf8)) }
    }
}
