public import EventModel

/// What somebody wants of the read models.
public enum ViewRequest: Hashable, Sendable {
    /// `VIEW.GET`: one row.
    case get(view: String, key: String, ViewOptions)
    /// `VIEW.WHY`: the events behind a value of a row.
    case why(view: String, key: String, field: String, ViewOptions)
    /// `VIEW.SCAN`: rows.
    case scan(view: String, ViewOptions)
    /// `VIEW.REPORT`: a report.
    case report(view: String, ViewOptions)
    /// `VIEW.WAIT`: until the view has applied the event at the position, at most `Limits.blockMillisecondsMax`.
    case wait(view: String, position: Position, milliseconds: Int)
    /// `VIEW.LIST`.
    case list

    static func wait(from arguments: inout ArgumentReader) throws(RequestError) -> ViewRequest {
        .wait(
            view: try arguments.text("view's name"),
            position: Position(try arguments.number("position")),
            milliseconds: Int(try arguments.number("timeout", in: 0...UInt64(Limits.blockMillisecondsMax))))
    }
}

/// The coordinates in time of a question, and its parameters.
public struct ViewOptions: Hashable, Sendable {
    /// As known at this position; `nil` for now.
    public var at: Position?
    /// Only what had happened by this time; `nil` for everything known.
    public var asOf: Timestamp?
    /// Parameters as JSON, not yet parsed; `nil` for none.
    public var parameters: [UInt8]?

    /// Options from their parts.
    public init(at: Position? = nil, asOf: Timestamp? = nil, parameters: [UInt8]? = nil) {
        self.at = at
        self.asOf = asOf
        self.parameters = parameters
    }

    /// `[AT position] [ASOF time] [WITH json]`, each at most once.
    init(from arguments: inout ArgumentReader) throws(RequestError) {
        while !arguments.isAtEnd {
            if at == nil, arguments.take("AT") {
                at = Position(try arguments.number("position after AT"))
            } else if asOf == nil, arguments.take("ASOF") {
                asOf = try arguments.time("time after ASOF")
            } else if parameters == nil, arguments.take("WITH") {
                parameters = try arguments.bytes("JSON after WITH")
            } else {
                throw arguments.fail("a word is not known here, or is there twice")
            }
        }
    }

    /// The arguments that say this, for a client to send.
    public var arguments: [[UInt8]] {
        var words: [[UInt8]] = []
        if let at { words += [Array("AT".utf8), Array(at.description.utf8)] }
        if let asOf { words += [Array("ASOF".utf8), Array(asOf.milliseconds.description.utf8)] }
        if let parameters { words += [Array("WITH".utf8), parameters] }
        return words
    }
}
