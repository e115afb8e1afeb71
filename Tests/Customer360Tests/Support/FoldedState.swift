import CRMEvents
import Customer360
import EventModel
import Foundation

@testable import ProjectionRuntime

/// The rows of a history as hashes.
struct FoldedState: Equatable {
    let hash: String

    /// Folds a history with a new projector after each of some positions, as if the process had died there.
    init(_ history: History, stoppingAt stops: [Int] = [], partitionCount: Int = 2) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("customer360-state-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let events = try [CRMEvent](history: history.events)
        for stop in stops + [events.count] {
            let generation = try Generation(at: directory.path, of: Customer360.self, from: "a history")
            let projector = try Projector(
                Customer360.self, generation, logEnd: Position(UInt64(events.count)), partitionCount: partitionCount)
            try await projector.apply(Array(events[..<stop]))
            try await projector.commit()
        }
        let state = try Generation(at: directory.path, of: Customer360.self, from: "a history").state()
        hash = state.hash
    }
}
