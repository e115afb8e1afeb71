import CRMEvents
import CanonicalJSON
import EventModel
import Testing

/// Checks data that was built in the test, as the server checks data that was parsed.
func check(_ type: String, _ stream: String, _ data: JSON, schema: UInt32 = 1) throws -> [String] {
    try Catalog.standard.check(
        type: type, schema: schema, stream: try StreamName(stream),
        data: try JSONDocument(parsing: data.canonicalBytes).root)
}

/// The refusal of an event; a test failure when it is accepted.
func refusal(
    _ type: String, _ stream: String, _ data: JSON, schema: UInt32 = 1,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> InvalidEvent {
    try #require(
        throws: InvalidEvent.self, "\(data.canonicalText) was accepted", sourceLocation: sourceLocation
    ) { try check(type, stream, data, schema: schema) }
}

/// The problems that a refusal names.
func problems(_ type: String, _ stream: String, _ data: JSON) throws -> [FieldProblem] {
    guard case .problems(_, let problems, _) = try refusal(type, stream, data) else {
        Issue.record("\(type) was refused for another reason")
        return []
    }
    return problems
}

extension JSON {
    /// The object with one member replaced, or removed by `nil`.
    func with(_ name: String, _ value: JSON?) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }

    /// The members of an object.
    var members: JSON.Members { if case .object(let members) = self { members } else { [:] } }
}

/// A recorded event around its data.
func recorded(
    _ type: String, _ stream: String, _ data: JSON, at position: UInt64 = 7
) throws -> RecordedEvent {
    RecordedEvent(
        position: Position(position), stream: try StreamName(stream), revision: Revision(3),
        time: Timestamp(milliseconds: 1_000), recorded: Timestamp(milliseconds: 2_000),
        content: EventContent(type: type, key: EventKey(source: "/test", id: "e1"), data: data.canonicalBytes))
}

/// The typed event around the data.
func decoded(_ type: String, _ stream: String, _ data: JSON) throws -> CRMEvent {
    try CRMEvent(recorded(type, stream, data))
}
