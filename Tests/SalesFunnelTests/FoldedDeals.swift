import CRMEvents
import CanonicalJSON
import EventModel
import Foundation
import SalesFunnel

@testable import ProjectionRuntime

/// A log in the making.
struct DealLog {
    private(set) var events: [RecordedEvent] = []
    private var revisions: [String: UInt64] = [:]

    /// Records an event.
    mutating func add(_ type: String, _ stream: String, at time: Int64, _ data: JSON, personal: JSON? = nil) {
        let position = UInt64(events.count)
        let revision = revisions[stream, default: 0]
        revisions[stream] = revision + 1
        let instant = Timestamp(milliseconds: time)
        var event = RecordedEvent(
            position: Position(position), stream: StreamName(recorded: stream), revision: Revision(revision),
            time: instant, recorded: instant,
            content: EventContent(
                type: type, key: EventKey(source: "/test", id: "e\(position)"), data: data.canonicalBytes))
        if let personal { event.personal = [.opened(personal.canonicalBytes)] }
        events.append(event)
    }

    /// Publishes a pipeline with these stages, whose ordinals are 1, 2, 3 and so on.
    mutating func publish(_ pipeline: String, _ stages: String..., chances: [Int64] = []) {
        let listed = stages.enumerated().map { index, stage -> JSON in
            var members: JSON.Members = ["stage_id": .text(stage), "ordinal": .from(index + 1)]
            if index < chances.count { members["probability"] = .integer(chances[index]) }
            return .object(members)
        }
        add(
            "rule.published", "rule-" + pipeline, at: 0,
            [
                "rule_id": .text(pipeline), "kind": "pipeline", "version": 1, "effective_from": 0,
                "body": ["stages": .array(listed)],
            ])
    }

    /// Opens a deal of the account `acme`.
    mutating func open(
        _ deal: String, in stage: String, of pipeline: String = "sales", at time: Int64, _ amount: Int64,
        products: [String] = []
    ) {
        let lines = products.map { product -> JSON in
            ["line_id": .text(product), "product_id": .text(product), "quantity_milli": 1000, "unit_price": 1]
        }
        add(
            "opportunity.opened", "opportunity-" + deal, at: time,
            [
                "opportunity_id": .text(deal), "account_id": "acme", "name": "big", "pipeline_id": .text(pipeline),
                "pipeline_version": 1, "stage_id": .text(stage), "amount": .integer(amount), "currency": "CNY",
                "owner_id": "u1", "lines": .array(lines),
            ])
    }

    /// Records a further event of a deal.
    mutating func deal(_ deal: String, _ type: String, at time: Int64, _ data: JSON) {
        add("opportunity." + type, "opportunity-" + deal, at: time, data)
    }
}

/// The read model folded over a log.
final class FoldedDeals {
    let snapshot: ViewSnapshot
    /// The hash over all rows.
    let stateHash: String
    private let directory: URL

    /// Folds a log with a new projector after each of some positions, as if the process had died there.
    init(
        _ events: [RecordedEvent], asOf: Timestamp? = nil, stoppingAt stops: [Int] = [], partitionCount: Int = 2
    ) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "funnel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let decoded = try [CRMEvent](history: events)
        for stop in stops {
            let generation = try Generation(at: directory.path, of: SalesFunnel.self, from: "log")
            let projector = try Projector(
                SalesFunnel.self, generation, logEnd: Position(.max), partitionCount: partitionCount)
            try await projector.apply(Array(decoded[..<stop]), asOf: asOf)
            try await projector.commit()
        }
        let generation = try Generation(at: directory.path, of: SalesFunnel.self, from: "log")
        let projector = try Projector(
            SalesFunnel.self, generation, logEnd: Position(.max), partitionCount: partitionCount)
        try await projector.apply(decoded, asOf: asOf)
        try await projector.commit()
        snapshot = try generation.snapshot(asOf: asOf)
        stateHash = try generation.state().hash
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func report(_ parameters: JSON = [:]) throws -> JSON {
        try SalesFunnel.report(ViewParameters(parameters), in: snapshot)
    }
}
