import CanonicalJSON
import CloudEvents
import EventModel
import Testing

@Suite struct `Writing a CloudEvent` {
    private func recorded(_ content: EventContent, at milliseconds: Int64 = 1_767_605_400_125) throws -> RecordedEvent {
        RecordedEvent(
            position: Position(41), stream: try StreamName("account-42"), revision: Revision(3),
            time: Timestamp(milliseconds: milliseconds), recorded: Timestamp(milliseconds: milliseconds + 1),
            content: content)
    }

    private func again(_ event: RecordedEvent) throws -> RecordedEvent {
        try CloudEvent.readRecorded(try JSONDocument(parsing: CloudEvent.write(event)).root)
    }

    @Test func `gives one line in reading order`() throws {
        let event = try recorded(
            EventContent(
                type: "account.created", schema: 2, key: EventKey(source: "/crm/web", id: "e1"), actor: "user:u7",
                correlation: "c1", causation: "e0", reason: "import", meta: Array(#"{"a":1,"b":"x"}"#.utf8),
                data: Array(#"{"account_id":"42"}"#.utf8)))
        #expect(
            String(decoding: CloudEvent.write(event), as: UTF8.self)
                == #"{"specversion":"1.0","id":"e1","source":"/crm/web","type":"account.created","#
                + #""subject":"account-42","time":"2026-01-05T09:30:00.125Z","#
                + #""dataschema":"urn:rapport:account.created:2","actor":"user:u7","correlation":"c1","#
                + #""causation":"e0","reason":"import","a":1,"b":"x","position":41,"revision":3,"#
                + #""recorded":"2026-01-05T09:30:00.126Z","data":{"account_id":"42"}}"#)
        #expect(try again(event) == event)
    }

    @Test func `leaves out what is empty`() throws {
        let event = try recorded(EventContent(type: "account.created", key: EventKey(source: "s", id: "e1")))
        let root = try JSONDocument(parsing: CloudEvent.write(event)).root
        #expect(
            root.members.map(\.name) == [
                "specversion", "id", "source", "type", "subject", "time", "dataschema", "position", "revision",
                "recorded", "data",
            ])
        #expect(try again(event) == event)
    }

    @Test func `escapes texts`() throws {
        let event = try recorded(
            EventContent(
                type: #"x."quoted""#, key: EventKey(source: #"C:\crm\"é😀"#, id: "e1"),
                actor: #"user:"u7""#, correlation: "a/b\\", causation: "é"))
        #expect(try again(event) == event)
    }

    @Test(
        arguments: [
            0, -1, 1, 951_782_400_000, 253_402_300_799_998, -62_167_219_200_000, 4_102_444_799_999, 86_399_999,
        ] as [Int64])
    func `writes times as the model does`(milliseconds: Int64) throws {
        let event = try recorded(
            EventContent(type: "a.b", key: EventKey(source: "s", id: "e1")), at: milliseconds)
        let root = try JSONDocument(parsing: CloudEvent.write(event)).root
        #expect(root["time"]?.text == event.time.description)
        #expect(root["recorded"]?.text == event.recorded.description)
        #expect(try again(event) == event)
    }

    @Test func `gives lines that can be sent again`() throws {
        let event = try recorded(
            EventContent(
                type: "account.created", key: EventKey(source: "s", id: "e1"), meta: Array(#"{"a":true}"#.utf8),
                data: Array(#"{"x":[1,null]}"#.utf8)))
        let incoming = try Incoming(JSONDocument(parsing: CloudEvent.write(event)))
        #expect(incoming.content == event.content)
        #expect(incoming.stream == event.stream)
        #expect(incoming.time == event.time)
        #expect(incoming.expecting == .any)
    }

    @Test(arguments: ["position", "revision", "recorded", "time", "id", "subject"])
    func `is not read back without what every recorded event has`(member: String) throws {
        let event = try recorded(EventContent(type: "account.created", key: EventKey(source: "s", id: "e1")))
        let whole = try JSON(parsing: CloudEvent.write(event))
        guard case .object(var members) = whole else {
            Issue.record("a line is an object")
            return
        }
        members[member] = nil
        let root = try JSONDocument(parsing: JSON.object(members).canonicalBytes).root
        let error = #expect(throws: CloudEventError.self) { try CloudEvent.readRecorded(root) }
        #expect(error?.member == member)
        members[member] = JSON.integer(-1)
        let negative = try JSONDocument(parsing: JSON.object(members).canonicalBytes).root
        #expect(throws: CloudEventError.self) { try CloudEvent.readRecorded(negative) }
    }
}
