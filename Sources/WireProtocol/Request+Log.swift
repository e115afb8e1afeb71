public import EventModel

/// What somebody wants of the log.
public enum LogRequest: Hashable, Sendable {
    /// `LOG.APPEND`: all streams or none.
    case append([StreamDraft])
    /// `LOG.INGEST`: CloudEvents as JSON, each for itself.
    case ingest([[UInt8]])
    /// `LOG.READ` and `LOG.QUERY`.
    case read(PageRequest)
    /// `LOG.STREAM`.
    case stream(StreamName)

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
    /// `STREAM name|ALL [FROM n] [COUNT n] [BACKWARD] [BLOCK ms]`.
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

    /// `[TYPES a,b] [TERMS x,y] [OR [TYPES …] [TERMS …]]… [FROM n] [COUNT n] [BACKWARD] [BLOCK ms]`.
    init(queryFrom arguments: inout ArgumentReader) throws(RequestError) {
        var items = [EventQuery.Item()]
        var options = PageOptions()
        while !arguments.isAtEnd {
            let last = items.count - 1
            if arguments.take("TYPES") {
                guard items[last].types.isEmpty else { throw arguments.fail("TYPES is there twice without OR between") }
                items[last].types = try arguments.list("list of types")
            } else if arguments.take("TERMS") {
                guard items[last].terms.isEmpty else { throw arguments.fail("TERMS is there twice without OR between") }
                items[last].terms = try arguments.list("list of terms")
            } else if arguments.take("OR") {
                items.append(EventQuery.Item())
            } else if try !options.take(from: &arguments) {
                throw arguments.fail("a word is not known here")
            }
        }
        guard !items.contains(EventQuery.Item()) else {
            throw arguments.fail("the query, or one side of an OR, has neither TYPES nor TERMS")
        }
        guard items.count <= Limits.termCountMax else {
            throw .pastLimit(what: "items joined by OR", count: items.count, limit: Limits.termCountMax)
        }
        self = try options.page(of: .query(EventQuery(items)), arguments)
    }
}

/// The options that every reading command has.
private struct PageOptions {
    private var from: UInt64?
    private var count: Int?
    private var isBackward = false
    private var blockMilliseconds: Int?

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
        case .query(let query):
            words = ["LOG.QUERY"]
            for (index, item) in query.items.enumerated() {
                if index > 0 { words.append("OR") }
                if !item.types.isEmpty { words += ["TYPES", item.types.joined(separator: ",")] }
                if !item.terms.isEmpty { words += ["TERMS", item.terms.joined(separator: ",")] }
            }
        }
        if let from = read.from { words += ["FROM", from.description] }
        words += ["COUNT", read.count.description]
        if read.direction == .backward { words.append("BACKWARD") }
        if let blockMilliseconds { words += ["BLOCK", blockMilliseconds.description] }
        return words.map { Array($0.utf8) }
    }
}
