import CanonicalJSON
import Customer360
import EventModel
import Foundation
import ProjectionRuntime
import Testing

/// The read model folded over a history by the real runtime, and short ways to ask it.
struct Customers {
    private let runtime: ProjectionRuntime
    private let bounds: ReplayBounds

    /// The history up to a position and an event time, or all of it.
    init(_ history: History, at position: UInt64? = nil, asOf minute: Int64? = nil) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("customer360-tests-\(UInt64.random(in: 0 ... .max))")
        runtime = try ProjectionRuntime(
            source: RecordedHistory(events: history.events), directory: directory.path, models: [Customer360.self])
        // Nothing but bounded questions is asked, and those fold into a directory of the runtime's own.
        try FileManager.default.removeItem(at: directory)
        // A log without events has no position to name.
        let last = position ?? history.events.last?.position.index
        let minute = last == nil ? 0 : minute
        bounds = ReplayBounds(
            at: last.map { Position($0) }, asOf: minute.map { Timestamp(milliseconds: History.minute($0)) })
    }

    func customer(_ key: String, _ parameters: JSON = [:]) async throws -> JSON? {
        try await answer(.get(key), parameters)?["row"]
    }

    func scan(_ parameters: JSON = [:]) async throws -> (rows: [JSON], next: String?) {
        let page = try #require(try await answer(.scan, parameters))
        return (page["rows"]?.elements ?? [], page["next"]?.text)
    }

    func report(_ parameters: JSON = [:]) async throws -> JSON {
        try #require(try await answer(.report, parameters)?["report"])
    }

    /// An answer with its stamp.
    func answer(_ kind: ViewQuestion.Kind, _ parameters: JSON = [:]) async throws -> JSON? {
        try await runtime.answer(
            Customer360.name, ViewQuestion(kind, try ViewParameters(parameters), bounds: bounds))
    }
}

/// A log that is over: nothing is ever appended to it.
struct RecordedHistory: EventSource {
    let identity = "a history"
    let events: [RecordedEvent]

    var end: Position { Position(UInt64(events.count)) }

    func events(from position: Position, count: Int) throws(ReadError) -> [RecordedEvent] {
        Array(events.dropFirst(Int(position.index)).prefix(count))
    }

    func waitForEvent(at position: Position, atMost time: Duration) async {}
}

extension JSON {
    /// A member of a member, by a dotted path.
    func at(_ path: String) -> JSON? {
        var node: JSON? = self
        for name in path.split(separator: ".") { node = node?[String(name)] }
        return node
    }

    /// The object with only these of its members.
    func members(_ names: String...) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { names.contains($0.key) })
    }

    /// The positions on the timeline page of a customer.
    var positions: [Int64] {
        at("timeline.entries")?.elements?.compactMap { $0["position"]?.integer } ?? []
    }
}
