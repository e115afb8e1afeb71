public import EventModel

/// Events for one stream as a client wrote them: its names are checked, its JSON is not.
public struct StreamDraft: Hashable, Sendable {
    /// The stream.
    public var stream: StreamName
    /// What the writer believes about it.
    public var expecting: ExpectedRevision
    /// One event or more.
    public var events: [EventDraft]

    /// A draft from its parts.
    public init(_ events: [EventDraft], to stream: StreamName, expecting: ExpectedRevision) {
        self.events = events
        self.stream = stream
        self.expecting = expecting
    }
}

/// One event as a client wrote it.
public struct EventDraft: Hashable, Sendable {
    /// The catalog name.
    public var type: String
    /// The public part as JSON, not yet parsed.
    public var data: [UInt8]
    /// The producer's id. Without one the server makes one, and then a retry cannot be recognised.
    public var id: String?
    /// The producer.
    public var source = EventDraft.defaultSource
    /// When it happened; the server's clock when absent.
    public var time: Timestamp?
    /// Other CloudEvents extensions as JSON, not yet parsed.
    public var meta: [UInt8]?
    /// Who did it; empty when unknown.
    public var actor = ""
    /// For what; empty when absent.
    public var correlation = ""
    /// Because of what; empty when absent.
    public var causation = ""
    /// Why, as a code; empty when absent.
    public var reason = ""
    /// The schema version of the data.
    public var schema: UInt32 = 1

    /// The source of events that name none.
    public static let defaultSource = "/redis"

    /// A draft with nothing but type and data.
    public init(type: String, data: [UInt8]) {
        self.type = type
        self.data = data
    }
}

/// What a client wants appended, all or nothing.
public struct AppendDraft: Hashable, Sendable {
    /// What goes to which stream.
    public var streams: [StreamDraft]
    /// What must not have happened meanwhile; `nil` for no condition.
    public var condition: AppendCondition?

    /// A draft from its parts.
    public init(_ streams: [StreamDraft], condition: AppendCondition? = nil) {
        self.streams = streams
        self.condition = condition
    }

    /// `(STREAM name EXPECT word (EVENT type json option…)…)… [UNLESS query [AFTER position]]`.
    init(from arguments: inout ArgumentReader) throws(RequestError) {
        self.init([])
        var eventCount = 0
        while !arguments.isAtEnd {
            if !streams.isEmpty, arguments.take("UNLESS") {
                condition = try Self.condition(from: &arguments)
                return
            }
            guard arguments.take("STREAM") else {
                throw arguments.fail("a word is not known here, or STREAM is missing")
            }
            streams.append(try StreamDraft(from: &arguments, &eventCount))
        }
    }

    /// What follows `UNLESS`, up to the end of the command.
    private static func condition(from arguments: inout ArgumentReader) throws(RequestError) -> AppendCondition {
        var query = QueryReader()
        while try query.take(from: &arguments) {}
        var after: Position?
        if arguments.take("AFTER") { after = Position(try arguments.number("position after AFTER")) }
        guard arguments.isAtEnd else { throw arguments.fail("a word is not known in the query after UNLESS") }
        return AppendCondition(unless: try query.query(arguments), after: after)
    }

    /// The arguments of `LOG.APPEND` that say this, for a client to send.
    public var arguments: [[UInt8]] {
        var words = streams.flatMap(\.arguments)
        if let condition {
            words += (["UNLESS"] + condition.query.words).map { Array($0.utf8) }
            if let after = condition.after { words += ["AFTER", after.description].map { Array($0.utf8) } }
        }
        return words
    }
}

extension StreamDraft {
    /// `name EXPECT word (EVENT type json option…)…`; `STREAM` is consumed already. Counts the events of the request.
    init(from arguments: inout ArgumentReader, _ eventCount: inout Int) throws(RequestError) {
        let stream = try arguments.streamName()
        guard arguments.take("EXPECT") else { throw arguments.fail("EXPECT is missing after the stream name") }
        self.init([], to: stream, expecting: try Self.expectation(from: &arguments))
        while arguments.take("EVENT") {
            events.append(try EventDraft(from: &arguments))
            eventCount += 1
            guard eventCount <= Limits.requestEventCountMax else {
                throw .pastLimit(what: "events or more", count: eventCount, limit: Limits.requestEventCountMax)
            }
        }
        guard !events.isEmpty else { throw arguments.fail("EVENT is missing after the expectation") }
    }

    private static func expectation(from arguments: inout ArgumentReader) throws(RequestError) -> ExpectedRevision {
        if arguments.take("ANY") { return .any }
        if arguments.take("NONE") { return .noStream }
        if arguments.take("EXISTS") { return .streamExists }
        return .exactly(Revision(try arguments.number("word after EXPECT is none of any, none and exists, and")))
    }

    /// The arguments of `LOG.APPEND` that say this, for a client to send.
    public var arguments: [[UInt8]] {
        var words = ["STREAM", stream.text, "EXPECT", expecting.word].map { Array($0.utf8) }
        for event in events { words += event.arguments }
        return words
    }
}

extension EventDraft {
    /// `type json` and options, each at most once; `EVENT` is consumed already.
    init(from arguments: inout ArgumentReader) throws(RequestError) {
        self.init(type: try arguments.text("event type"), data: try arguments.bytes("event's data"))
        var taken: Set<Option> = []
        while let option = Option.allCases.first(where: { arguments.take($0.rawValue) }) {
            guard taken.insert(option).inserted else { throw arguments.fail("\(option.rawValue) is there twice") }
            switch option {
            case .id: id = try arguments.text("event's id")
            case .source: source = try arguments.text("event's source")
            case .time: time = try arguments.time("event's time")
            case .meta: meta = try arguments.bytes("JSON after META")
            case .actor: actor = try arguments.text("actor")
            case .correlation: correlation = try arguments.text("correlation id")
            case .causation: causation = try arguments.text("causation id")
            case .reason: reason = try arguments.text("reason code")
            case .schema: schema = UInt32(try arguments.number("schema version", in: 1...UInt64(UInt32.max)))
            }
        }
    }

    private enum Option: String, CaseIterable {
        case id = "ID"
        case source = "SOURCE"
        case time = "TIME"
        case meta = "META"
        case actor = "ACTOR"
        case correlation = "CORRELATION"
        case causation = "CAUSATION"
        case reason = "REASON"
        case schema = "SCHEMA"
    }

    fileprivate var arguments: [[UInt8]] {
        var words = [Array("EVENT".utf8), Array(type.utf8), data]
        func add(_ option: Option, _ value: [UInt8]) { words += [Array(option.rawValue.utf8), value] }
        func add(_ option: Option, _ text: String) { if !text.isEmpty { add(option, Array(text.utf8)) } }
        if let id { add(.id, Array(id.utf8)) }
        if source != EventDraft.defaultSource { add(.source, Array(source.utf8)) }
        if let time { add(.time, Array(time.milliseconds.description.utf8)) }
        if let meta { add(.meta, meta) }
        add(.actor, actor)
        add(.correlation, correlation)
        add(.causation, causation)
        add(.reason, reason)
        if schema != 1 { add(.schema, Array(schema.description.utf8)) }
        return words
    }
}
