import CanonicalJSON
import CloudEvents
import EventModel
import Testing

/// The members of a complete event, to be changed one at a time.
let complete: JSON.Members = [
    "specversion": "1.0", "id": "01JA0000000000000000000001", "source": "/crm/web", "type": "opportunity.won",
    "subject": "opportunity-o5", "time": "2026-01-05T09:30:00.125Z", "datacontenttype": "application/json",
    "dataschema": "urn:rapport:opportunity.won:2", "actor": "user:u7", "correlation": "c1", "causation": "e0",
    "reason": "signed_contract", "expect": "3", "traceparent": "00-ab", "sampled": true, "attempt": 2,
    "data": ["currency": "EUR", "amount": 1200],
]

/// What a producer's event says, copied out of its document.
struct Incoming {
    let stream: StreamName
    let expecting: ExpectedRevision
    let content: EventContent
    let data: JSONNode?
    let time: Timestamp?

    init(_ document: JSONDocument) throws {
        let event = document.cursor
        let envelope = try IncomingEnvelope(checking: event)
        var texts: [EventText: String] = [:]
        for text in EventText.allCases {
            envelope.withText(text, of: event) { bytes in
                texts[text] = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
            }
        }
        func text(_ text: EventText) -> String { texts[text] ?? "" }
        stream = try StreamName(text(.stream))
        expecting = envelope.expecting
        time = envelope.time
        data = envelope.data.map { document.root.value(at: $0) }
        content = EventContent(
            type: text(.type), schema: envelope.schema, key: EventKey(source: text(.source), id: text(.id)),
            actor: text(.actor), correlation: text(.correlation), causation: text(.causation), reason: text(.reason),
            meta: envelope.meta, data: data?.canonicalBytes ?? EventContent.emptyObject)
    }
}

func read(_ members: JSON.Members) throws -> Incoming {
    try Incoming(JSONDocument(parsing: JSON.object(members).canonicalBytes, maximumByteCount: 1 << 21))
}

/// The error of an event that must be refused.
func refusal(changing member: String, to value: JSON?) throws -> CloudEventError? {
    var members = complete
    members[member] = value
    do {
        _ = try read(members)
        return nil
    } catch let error as CloudEventError {
        return error
    }
}

func text(_ byteCount: Int) -> JSON { .text(String(repeating: "x", count: byteCount)) }

@Suite struct `Reading a CloudEvent` {
    @Test func `puts every member in its place`() throws {
        let event = try read(complete)
        #expect(event.stream == (try StreamName("opportunity-o5")))
        #expect(event.expecting == .exactly(Revision(3)))
        // 2026-01-05T09:30:00Z is 1767605400 by `date -d`.
        #expect(event.time == Timestamp(milliseconds: 1_767_605_400_125))
        #expect(event.data?["amount"]?.integer == 1200)
        #expect(
            event.content
                == EventContent(
                    type: "opportunity.won", schema: 2,
                    key: EventKey(source: "/crm/web", id: "01JA0000000000000000000001"), actor: "user:u7",
                    correlation: "c1", causation: "e0", reason: "signed_contract",
                    meta: Array(#"{"attempt":2,"sampled":true,"traceparent":"00-ab"}"#.utf8),
                    data: Array(#"{"amount":1200,"currency":"EUR"}"#.utf8)))
    }

    @Test func `needs no more than the required members`() throws {
        let event = try read([
            "specversion": "1.0", "id": "1", "source": "s", "type": "x_a.b", "subject": "x_a-1",
        ])
        #expect(event.expecting == .any)
        #expect(event.time == nil)
        #expect(event.data == nil)
        #expect(event.content == EventContent(type: "x_a.b", key: EventKey(source: "s", id: "1")))
    }

    @Test func `counts null as absent, and ignores what the server adds on reads`() throws {
        var members = complete
        members["actor"] = JSON.null
        members["traceparent"] = JSON.null
        members["position"] = 17
        members["revision"] = 4
        members["recorded"] = "2026-01-05T09:30:01.000Z"
        let event = try read(members)
        #expect(event.content.actor.isEmpty)
        #expect(event.content.meta == Array(#"{"attempt":2,"sampled":true}"#.utf8))
    }

    @Test(
        arguments: [
            ("any", .any), ("none", .noStream), ("exists", .streamExists), ("0", .exactly(.first)),
            (JSON.integer(7), .exactly(Revision(7))),
        ] as [(JSON, ExpectedRevision)])
    func `reads what the writer expects`(word: JSON, expected: ExpectedRevision) throws {
        var members = complete
        members["expect"] = word
        #expect(try read(members).expecting == expected)
    }

    @Test(arguments: ["specversion", "id", "source", "type", "subject"])
    func `refuses an event without a required member`(member: String) throws {
        let error = try refusal(changing: member, to: nil)
        #expect(error?.member == member)
        #expect(error?.found == "absent")
        #expect(error?.code == .invalidEvent)
        #expect(error?.isRetryable == false)
        #expect(try refusal(changing: member, to: .null)?.member == member)
    }

    @Test(
        arguments: [
            ("specversion", "0.3"), ("specversion", 1), ("id", ""), ("id", 17), ("id", text(129)), ("id", "a b"),
            ("id", "a@b.example"), ("id", "é"), ("source", ""), ("source", text(129)), ("source", "a\u{7}"),
            ("source", "a\u{85}"), ("source", true), ("type", ""), ("type", text(129)), ("type", "a\n"),
            ("subject", "opportunity"), ("subject", "-5"), ("subject", "opportunity-"), ("subject", "a-b c"),
            ("subject", text(129)), ("subject", 5), ("time", "yesterday"), ("time", "2026-02-30T00:00:00Z"),
            ("time", "2027-02-03T04:05:06"), ("time", 1_767_605_400_125), ("dataschema", "urn:rapport:opportunity.won"),
            ("dataschema", "urn:rapport:opportunity.lost:2"), ("dataschema", "urn:rapport:opportunity.won:0"),
            ("dataschema", "urn:rapport:opportunity.won:02"), ("dataschema", "urn:rapport:opportunity.won:+2"),
            ("dataschema", "urn:rapport:opportunity.won:4294967296"), ("dataschema", "https://example.com/x"),
            ("dataschema", 2), ("datacontenttype", "text/xml"), ("actor", ""), ("actor", text(129)), ("actor", ["u7"]),
            ("correlation", ""), ("correlation", text(129)), ("causation", text(129)), ("causation", 1),
            ("reason", ""), ("reason", "Because it rained"), ("reason", text(65)), ("reason", 1), ("expect", "soon"),
            ("expect", -1), ("expect", "01"), ("expect", true), ("data", []), ("data", "x"), ("data", nil),
            ("data_base64", "AAAA"),
        ] as [(String, JSON)])
    func `refuses a member that is not allowed, and names it`(member: String, value: JSON) throws {
        let error = try refusal(changing: member, to: value)
        #expect(error?.member == member)
        if let text = value.text, text.utf8.count > 4 {
            #expect(error?.description.contains(text) == false, "a value must not be repeated")
        }
        #expect(error?.description.contains(". The event was not taken, so nothing was written. Send ") == true)
    }

    @Test(arguments: ["id", "source", "actor", "correlation", "causation"])
    func `takes a text of 128 bytes`(member: String) throws {
        #expect(try refusal(changing: member, to: text(Limits.nameByteCountMax)) == nil)
    }

    @Test func `takes a type of 128 bytes and a reason of 64`() throws {
        var members = complete
        members["type"] = text(Limits.nameByteCountMax)
        members["dataschema"] = nil
        #expect(try read(members).content.schema == 1)
        #expect(try refusal(changing: "reason", to: text(CloudEvent.reasonByteCountMax)) == nil)
    }

    @Test(arguments: ["Trace", "trace_id", "trace-id", "", "é", "abcdefghijklmnopqrstu"])
    func `refuses a name that no extension may have`(name: String) throws {
        let error = try refusal(changing: name, to: "v")
        #expect(error?.found == "named by \(name.utf8.count) bytes that make no extension name")
    }

    @Test(arguments: [["nested": 1], [1, 2]] as [JSON])
    func `refuses an extension that is not flat`(value: JSON) throws {
        #expect(try refusal(changing: "tracestate", to: value)?.member == "extension 'tracestate'")
        #expect(try refusal(changing: "abcdefghijklmnopqrst", to: 1) == nil)
    }

    @Test func `takes extensions up to their limit and not one byte more`() throws {
        var members = complete.filter { !["traceparent", "sampled", "attempt"].contains($0.key) }
        let frame = #"{"note":""}"#.utf8.count
        members["note"] = text(Limits.metaByteCountMax - frame)
        #expect(try read(members).content.meta.count == Limits.metaByteCountMax)
        members["note"] = text(Limits.metaByteCountMax - frame + 1)
        #expect(throws: CloudEventError.self) { try read(members) }
    }

    @Test func `takes data up to its limit and not one byte more`() throws {
        let frame = #"{"k":""}"#.utf8.count
        var members = complete
        members["data"] = ["k": text(Limits.eventDataByteCountMax - frame)]
        #expect(try read(members).content.data.count == Limits.eventDataByteCountMax)
        let error = try refusal(changing: "data", to: ["k": text(Limits.eventDataByteCountMax - frame + 1)])
        #expect(error?.found == "an object of 262145 canonical bytes")
    }

    @Test(arguments: [[], "x", 1, nil] as [JSON]) func `refuses what is no object`(value: JSON) throws {
        let root = try JSONDocument(parsing: value.canonicalBytes).root
        #expect(throws: CloudEventError.self) { try IncomingEnvelope(checking: root.cursor) }
        #expect(throws: CloudEventError.self) { try CloudEvent.readRecorded(root) }
    }

    @Test func `explains a refusal in three sentences`() throws {
        #expect(
            try refusal(changing: "reason", to: "Because it rained")?.description
                == "the event's reason is a text of 17 bytes. The event was not taken, so nothing was written. "
                + "Send a code of 1 to 64 bytes of a-z 0-9 _, never prose.")
    }
}
