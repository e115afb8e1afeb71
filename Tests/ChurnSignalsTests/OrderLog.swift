import CRMEvents
import CanonicalJSON
import ChurnSignals
import EventModel
import Foundation

@testable import ProjectionRuntime

/// A log of orders in the making.
struct OrderLog {
    private(set) var events: [RecordedEvent] = []
    private var revisions: [String: UInt64] = [:]

    /// Records an order at noon of a day, or at another instant.
    mutating func place(
        _ order: String, by account: String, on day: String, _ amount: Int64, _ currency: String = "CNY"
    ) {
        let time = Timestamp(day) ?? Timestamp(day + "T12:00:00Z") ?? Timestamp(milliseconds: 0)
        add(
            "order.placed", "order-" + order, at: time,
            [
                "order_id": .text(order), "number": .text(order), "account_id": .text(account), "lines": [],
                "total": .integer(amount), "currency": .text(currency), "placed_at": .integer(time.milliseconds),
            ])
    }

    /// Cancels an order, or some lines of it.
    mutating func cancel(_ order: String, on day: String, lines: [String] = []) {
        var data: JSON.Members = ["reason": "changed_mind"]
        if !lines.isEmpty { data["lines"] = .array(lines.map { ["line_id": .text($0)] }) }
        add(
            "order.cancelled", "order-" + order, at: Timestamp(day + "T18:00:00Z") ?? .init(milliseconds: 0),
            .object(data))
    }

    /// Records an event of a group that the view does not handle.
    mutating func touch(on day: String) {
        let time = Timestamp(day + "T12:00:00Z") ?? Timestamp(milliseconds: 0)
        add("campaign.created", "campaign-k1", at: time, ["campaign_id": "k1", "name": "Spring", "type": "email"])
    }

    /// Records any event at noon of a day, or at another instant.
    mutating func record(_ type: String, _ stream: String, on day: String, _ data: JSON, personal: JSON? = nil) {
        let time = Timestamp(day) ?? Timestamp(day + "T12:00:00Z") ?? Timestamp(milliseconds: 0)
        add(type, stream, at: time, data, personal: personal)
    }

    private mutating func add(
        _ type: String, _ stream: String, at time: Timestamp, _ data: JSON, personal: JSON? = nil
    ) {
        let position = UInt64(events.count)
        let revision = revisions[stream, default: 0]
        revisions[stream] = revision + 1
        var event = RecordedEvent(
            position: Position(position), stream: StreamName(recorded: stream), revision: Revision(revision),
            time: time, recorded: time,
            content: EventContent(
                type: type, key: EventKey(source: "/test", id: "e\(position)"), data: data.canonicalBytes))
        if let personal { event.personal = [.opened(personal.canonicalBytes)] }
        events.append(event)
    }

    /// The log as whoever reads it at its end finds it: of a person that was erased, what was said until then is gone.
    var afterErasures: [RecordedEvent] {
        var erasures: [String: Position] = [:]
        for event in events where event.content.type == "privacy.subject_erased" {
            erasures[String(event.stream.id)] = event.position
        }
        return events.map { event in
            guard !event.personal.isEmpty, let erasure = erasures[event.stream.text], event.position < erasure else {
                return event
            }
            var erased = event
            erased.personal = [.erased(at: erasure)]
            return erased
        }
    }
}

/// The read model folded over a log, and short ways to ask it.
final class FoldedOrders {
    let snapshot: ViewSnapshot
    /// The hash over all rows.
    let stateHash: String
    private let directory: URL

    convenience init(_ log: OrderLog, asOf: Timestamp? = nil) async throws {
        try await self.init(log.events, asOf: asOf)
    }

    init(
        _ events: [RecordedEvent], asOf: Timestamp? = nil, committingEvery count: Int = .max, partitionCount: Int = 2
    ) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let generation = try Generation(at: directory.path, of: ChurnSignals.self, from: "log")
        let projector = try Projector(
            ChurnSignals.self, generation, logEnd: Position(.max), partitionCount: partitionCount)
        let events = try [CRMEvent](history: events)
        for start in stride(from: 0, to: events.count, by: count) {
            let part = events[start..<min(events.count, start &+ min(count, events.count))]
            try await projector.apply(Array(part), asOf: asOf)
            try await projector.commit()
        }
        snapshot = try generation.snapshot(asOf: asOf)
        stateHash = try generation.state().hash
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func customer(_ account: String, _ parameters: JSON = [:]) throws -> JSON? {
        try ChurnSignals.get(account, ViewParameters(parameters), in: snapshot)
    }

    func scan(_ parameters: JSON = [:]) throws -> ViewPage {
        try ChurnSignals.scan(ViewParameters(parameters), in: snapshot)
    }

    func report(_ parameters: JSON = [:]) throws -> JSON {
        try ChurnSignals.report(ViewParameters(parameters), in: snapshot)
    }

    /// The rows that no model is needed for, one line each.
    func brief(_ parameters: JSON.Members = [:]) throws -> String {
        try scan(.object(parameters.merging(["fields": "bgnbd"]) { $1 })).rows.map(Self.line).joined(separator: "\n")
    }

    private static let columns = [
        "account_id", "order_days", "x", "t_x_days", "t_days", "repeat_amount", "repeat_mean",
    ]

    private static func line(_ row: JSON) -> String {
        columns.map { row[$0].map { $0.text ?? $0.integer.map(String.init) ?? "null" } ?? "absent" }
            .joined(separator: " ")
    }
}
