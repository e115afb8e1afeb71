import CRMEvents
import EventLog
import EventModel
import Foundation
import LMDB
import PersonalData
import SubjectKeys

/// Durable appends beside the physical limit: the same record bytes through LMDB alone.
///
/// Estimate for one at a time: a commit is one synced write of 4 KiB (about 50 us) where LMDB's is two barriers (150
/// us), so twice raw LMDB's rate. For 64 in flight: one write serves up to 64, until preparing, deciding and
/// indexing (about 5 us an event) bind at 200,000 a second.
struct Appends {
    let lines: [[UInt8]]
    let scratch: URL

    func measure(_ table: Table) async throws {
        try rawLMDB(table, perCommit: 1, count: 2_000)
        try await appending(table, "append, 1 in flight", inFlight: 1, count: 2_000)
        try rawLMDB(table, perCommit: 64, count: 20_000)
        try await appending(table, "append, 64 in flight", inFlight: 64, count: 20_000)
        try await submitting(table)
    }

    private func rawLMDB(_ table: Table, perCommit: Int, count: Int) throws {
        let directory = try fresh("raw-\(perCommit)")
        let environment = try Environment(at: directory, options: .init(growthByteCount: 32 << 20))
        guard let records = try environment.database("records") else { return }
        let record = [UInt8](repeating: 0x61, count: 300)
        var next: UInt64 = 0
        try table.row("raw LMDB, \(perCommit) a commit", count: count) {
            for _ in 0..<(count / perCommit) {
                try environment.preallocate()
                try environment.write { transaction throws(LMDBError) in
                    for _ in 0..<perCommit {
                        let key = stride(from: 56, through: 0, by: -8).map {
                            UInt8(truncatingIfNeeded: next >> UInt64($0))
                        }
                        try transaction.append(record, for: key, to: records)
                        next += 1
                    }
                }
            }
        }
    }

    private func appending(_ table: Table, _ verb: String, inFlight: Int, count: Int) async throws {
        var run = 0
        try await table.row(verb, count: count) {
            run += 1
            let log = try open("append-\(inFlight)-\(run)")
            let keys = try LogKeys(of: log.directory).open(for: log)
            defer { log.close() }
            let lines = lines.prefix(count)
            await withTaskGroup(of: Void.self) { group in
                for lane in 0..<inFlight {
                    group.addTask {
                        for place in stride(from: lane, to: lines.count, by: inFlight) {
                            await Self.submit(lines[place...place], to: log, keys)
                        }
                    }
                }
            }
            precondition(log.end.index == UInt64(lines.count), "every append was recorded")
        }
    }

    private func submitting(_ table: Table) async throws {
        var run = 0
        try await table.row("append, 4 x 256 independent events", count: lines.count) {
            run += 1
            let log = try open("submit-\(run)")
            let keys = try LogKeys(of: log.directory).open(for: log)
            defer { log.close() }
            await withTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    group.addTask { [lines] in
                        for start in stride(from: lane * 256, to: lines.count, by: 1024) {
                            await Self.submit(lines[start..<min(start + 256, lines.count)], to: log, keys)
                        }
                    }
                }
            }
            precondition(log.end.index == UInt64(lines.count), "every append was recorded")
        }
    }

    /// What the server does with lines, and waits for the disk.
    static func submit(_ lines: ArraySlice<[UInt8]>, to log: EventLog, _ keys: SubjectKeys) async {
        guard let requests = try? IntakeCosts.requests(lines, for: log, keys) else {
            preconditionFailure("lines are valid")
        }
        await withCheckedContinuation { done in log.submit(requests) { _ in done.resume() } }
    }

    private func open(_ name: String) throws -> EventLog {
        let clock = { @Sendable in Timestamp(milliseconds: 1_767_225_600_000) }
        return try EventLog(
            at: DataDirectory(try fresh(name)), options: .init(extractor: Catalog.termExtractor, clock: clock))
    }

    private func fresh(_ name: String) throws -> String {
        let directory = scratch.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory.path
    }
}
