public import EventModel

/// What somebody wants of the log.
public enum LogRequest: Hashable, Sendable {
    /// `LOG.APPEND`: all streams or none.
    case append(AppendDraft)
    /// `LOG.INGEST`: CloudEvents as JSON, each for itself.
    case ingest([[UInt8]])
    /// `LOG.READ` and `LOG.QUERY`.
    case read(PageRequest)
    /// `LOG.STREAM`.
    case stream(StreamName)
    /// `LOG.TYPES`.
    case types(TypesRequest)

    static func lines(from arguments: inout ArgumentReader) throws(RequestError) -> [[UInt8]] {
        guard arguments.count <= Limits.requestEventCountMax else {
            throw .pastLimit(what: "events", count: arguments.count, limit: Limits.requestEventCountMax)
        }
        var lines: [[UInt8]] = []
        while !arguments.isAtEnd { lines.append(try arguments.bytes("event")) }
        return lines
    }
}

/// One page to read, and how long to wait for its first event.
public struct PageRequest: Hashable, Sendable {
    /// What to read.
    public let read: ReadRequest
    /// Milliseconds to wait when there is nothing yet, at most `Limits.blockMillisecondsMax`; `nil` answers at once.
    public let blockMilliseconds: Int?

    /// A request from its parts.
    public init(_ read: ReadRequest, blockMilliseconds: Int? = nil) {
        self.read = read
        self.blockMilliseconds = blockMilliseconds
    }
}

extension PageRequest {
    /// `STREAM name|ALL` and options.
    init(readFrom arguments: inout ArgumentReader) throws(RequestError) {
        var selection: ReadSelection
        if arguments.take("ALL") {
            selection = .all
        } else if arguments.take("STREAM") {
            selection = .stream(try arguments.streamName())
        } else {
            throw arguments.fail("the first word is neither STREAM nor ALL")
        }
        var options = PageOptions()
        while !arguments.isAtEnd {
            guard try options.take(from: &arguments) else { throw arguments.fail("a word is not known here") }
        }
        self = try options.page(of: selection, arguments)
    }

    /// A query and options, in any order.
    init(queryFrom arguments: inout ArgumentReader) throws(RequestError) {
        var query = QueryReader()
        var options = PageOptions()
        while !arguments.isAtEnd {
            if try query.take(from: &arguments) { continue }
            guard try options.take(from: &arguments) else { throw arguments.fail("a word is not known here") }
        }
        self = try options.page(of: .query(try query.query(arguments)), arguments)
    }
}

/// Which types of events somebody wants described.
public enum TypesRequest: Hashable, Sendable {
    /// All of them.
    case all
    /// Those whose names begin so, such as `order.`.
    case prefix(String)
    /// The one of this name.
    case type(String)

    init(from arguments: inout ArgumentReader) throws(RequestError) {
        if arguments.isAtEnd {
            self = .all
        } else if arguments.take("PREFIX") {
            self = .prefix(try arguments.text("prefix"))
        } else if arguments.take("TYPE") {
            self = .type(try arguments.text("type's name"))
        } else {
            throw arguments.fail("a word is not known here")
        }
    }
}

/// The options that every reading command has.
private struct PageOptions {
    private var from: UInt64?
    private var count: Int?
    private var isBackward = false
    private var blockMilliseconds: Int?
    private var recorded: TimeRange?
    private var time: TimeRange?

    /// Consumes one option; `false` if another word comes next.
    mutating func take(from arguments: inout ArgumentReader) throws(RequestError) -> Bool {
        if arguments.take("FROM") {
            guard from == nil else { throw arguments.fail("FROM is there twice") }
            from = try arguments.number("number after FROM")
        } else if arguments.take("COUNT") {
            guard count == nil else { throw arguments.fail("COUNT is there twice") }
            count = Int(try arguments.number("number after COUNT", in: 1...UInt64(Limits.pageEventCountMax)))
        } else if arguments.take("BACKWARD") {
            isBackward = true
        } else if arguments.take("BLOCK") {
            guard blockMilliseconds == nil else { throw arguments.fail("BLOCK is there twice") }
            let milliseconds = try arguments.number(
                "number of milliseconds after BLOCK", in: 0...UInt64(Limits.blockMillisecondsMax))
            blockMilliseconds = Int(milliseconds)
        } else if arguments.take("RECORDED") {
            guard recorded == nil else { throw arguments.fail("RECORDED is there twice") }
            recorded = try arguments.timeRange("time after RECORDED")
        } else if arguments.take("TIME") {
            guard time == nil else { throw arguments.fail("TIME is there twice") }
            time = try arguments.timeRange("time after TIME")
        } else {
            return false
        }
        return true
    }

    /// The page. Nobody can wait for an event of the past, so `BACKWARD` excludes `BLOCK`.
    func page(of selection: ReadSelection, _ arguments: ArgumentReader) throws(RequestError) -> PageRequest {
        guard !isBackward || blockMilliseconds == nil else {
            throw arguments.fail("BACKWARD and BLOCK exclude each other")
        }
        let direction: ReadDirection = isBackward ? .backward : .forward
        var read = ReadRequest(selection, from: from, direction: direction)
        if let count { read.count = count }
        read.recorded = recorded ?? .always
        read.time = time ?? .always
        return PageRequest(read, blockMilliseconds: blockMilliseconds)
    }
}

extension PageRequest {
    /// The whole command that says this, for a client to send. Names of a query must not hold commas.
    public var command: [[UInt8]] {
        var words: [String]
        switch read.selection {
        case .all: words = ["LOG.READ", "ALL"]
        case .stream(let name): words = ["LOG.READ", "STREAM", name.text]
        case .query(let query): words = ["LOG.QUERY"] + query.words
        }
        if let from = read.from { words += ["FROM", from.description] }
        words += ["COUNT", read.count.description]
        if read.direction == .backward { words.append("BACKWARD") }
        if read.recorded != .always { words += ["RECORDED"] + read.recorded.words }
        if read.time != .always { words += ["TIME"] + read.time.words }
        if let blockMilliseconds { words += ["BLOCK", blockMilliseconds.description] }
        return words.map { Array($0.utf8) }
    }
}

extension TimeRange {
    /// Two words: `-` and `+` for an end that is open.
    fileprivate var words: [String] {
        [from.map { $0.milliseconds.description } ?? "-", until.map { $0.milliseconds.description } ?? "+"]
    }
}
