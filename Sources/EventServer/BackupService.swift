internal import EventLog
internal import EventModel
internal import Synchronization
internal import WireProtocol

/// Carries out backups off the connections' threads, one at a time: two would only fight for the disk.
final class BackupService: Sendable {
    private let log: EventLog
    private let isRunning = Mutex(false)

    init(_ log: EventLog) { self.log = log }

    @concurrent
    func backup(to path: String) async -> RESPValue {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else { return .refusal(OtherBackupRuns()) }
        defer { isRunning.withLock { $0 = false } }
        let start = ContinuousClock.now
        do throws(BackupError) {
            let report = try log.backup(to: path)
            let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
            return .fields([
                "path": .text(path), "events": .position(report.end),
                "copied": .integer(Int64(clamping: report.copiedEventCount)),
                "bytes": .integer(Int64(report.byteCount)), "milliseconds": .integer(Int64(milliseconds)),
            ])
        } catch {
            return .refusal(error)
        }
    }
}

/// A backup that was asked for while another one ran.
private struct OtherBackupRuns: ExplainedError {
    var code: ErrorCode { .busy }
    var description: String {
        "another backup is running. Nothing was copied. Wait until it has ended, and ask again."
    }
}
