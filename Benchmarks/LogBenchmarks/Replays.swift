import CRMEvents
import ChurnSignals
import Customer360
import EventLog
import EventModel
import Foundation
import PersonalData
import ProjectionRuntime
import RecordFormat
import SalesFunnel

/// Reading the log back, and folding it.
///
/// Estimate: a record of 350 bytes is checked at 5 GB/s (0.1 us) and decoded with five allocations (0.5 us);
/// the typed event costs one parse (1 us); each read model some dictionary look-ups (0.5 to 2 us). Two cores
/// decode and fold side by side: about 3 us an event for all three read models.
struct Replays {
    let lines: [[UInt8]]
    let scratch: URL

    func measure(_ table: Table) async throws {
        let directory = DataDirectory(scratch.appendingPathComponent("replay").path)
        let clock = { @Sendable in Timestamp(milliseconds: 1_767_225_600_000) }
        var options = EventLog.Options(extractor: Catalog.termExtractor, clock: clock)
        options.cacheByteCount = 0
        let log = try EventLog(at: directory, options: options)
        defer { log.close() }
        let keys = try LogKeys(of: directory).open(for: log)
        try IntakeCosts(lines, log, keys).measure(table)
        for start in stride(from: 0, to: lines.count, by: 512) {
            await Appends.submit(lines[start..<min(start + 512, lines.count)], to: log, keys)
        }
        try table.row("read records", count: lines.count) { _ = try log.events(from: .origin, count: lines.count) }
        try log.seal()
        try Self.scan(log, count: lines.count, table)
        let events = try log.events(from: .origin, count: lines.count)
        try table.row("decode typed events", count: lines.count) {
            for event in events { _ = try CRMEvent(event) }
        }
        let models: [any ReadModel.Type] = [Customer360.self, SalesFunnel.self, ChurnSignals.self]
        let offline = try OfflineViews(source: log, directory: directory.views)
        for model in models {
            try await table.row("rebuild \(model.name)", count: lines.count) {
                _ = try await offline.asOf(model, ReplayBounds(), progress: { _, _ in })
            }
        }
    }

    /// Every record in place, from sealed blocks: a part of 32 records, 13 KB, is unpacked at 1 GB/s in 13 us, on two
    /// cores, and a record is found and checked in some 20 ns: 4 million a second where nothing is cached. Of a small
    /// log, starting the helper shows.
    static func scan(_ log: EventLog, count: Int, _ table: Table) throws {
        var byteCount = 0
        try table.row("scan records in place", count: count) {
            try log.forEachRecord { record in
                byteCount += record.data.count
                return true
            }
        }
        precondition(byteCount > 0, "the work was done")
    }
}
