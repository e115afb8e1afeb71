public import EventModel

/// Reads `[TYPES a,b] [TERMS x,y] [OR [TYPES …] [TERMS …]]…`, wherever a command has a query.
struct QueryReader {
    private var items = [EventQuery.Item()]

    /// Consumes one part of the query; `false` if another word comes next.
    mutating func take(from arguments: inout ArgumentReader) throws(RequestError) -> Bool {
        let last = items.count - 1
        if arguments.take("TYPES") {
            guard items[last].types.isEmpty else { throw arguments.fail("TYPES is there twice without OR between") }
            items[last].types = try arguments.list("list of types")
        } else if arguments.take("TERMS") {
            guard items[last].terms.isEmpty else { throw arguments.fail("TERMS is there twice without OR between") }
            items[last].terms = try arguments.list("list of terms")
        } else if arguments.take("OR") {
            items.append(EventQuery.Item())
        } else {
            return false
        }
        return true
    }

    /// The query. Every side of an `OR` must restrict something.
    func query(_ arguments: ArgumentReader) throws(RequestError) -> EventQuery {
        guard !items.contains(EventQuery.Item()) else {
            throw arguments.fail("the query, or one side of an OR, has neither TYPES nor TERMS")
        }
        guard items.count <= Limits.termCountMax else {
            throw .pastLimit(what: "items joined by OR", count: items.count, limit: Limits.termCountMax)
        }
        return EventQuery(items)
    }
}

extension EventQuery {
    /// The words of the query, for a client to send. Its names must be sendable (``isSendable``).
    var words: [String] {
        var words: [String] = []
        for (index, item) in items.enumerated() {
            if index > 0 { words.append("OR") }
            if !item.types.isEmpty { words += ["TYPES", item.types.joined(separator: ",")] }
            if !item.terms.isEmpty { words += ["TERMS", item.terms.joined(separator: ",")] }
        }
        return words
    }

    /// Whether no name is empty or has a comma, which would make two names of one.
    public var isSendable: Bool {
        items.flatMap { $0.types + $0.terms }
            .allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ",")) }
    }
}
