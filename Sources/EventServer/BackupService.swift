internal import EventLog
internal import EventModel
internal import WireProtocol

/// Carries out backups, one at a time: two would only fight for the disk.
struct BackupService: Sendable {
    private let log: EventLog
    private let turn = OneAtATime("backup")

    init(_ log: EventLog) { self.log = log }

    func backup(to path: String) async -> RESPValue {
        let reply = await turn.run { [log] in
            let start = ContinuousClock.now
            do throws(BackupError) {
                let report = try log.backup(to: path)
                let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
                return RESPValue.fields([
                    "path": .text(path), "events": .position(report.end),
                    "copied": .integer(Int64(clamping: report.copiedEventCount)),
                    "bytes": .integer(Int64(report.byteCount)), "milliseconds": .integer(Int64(milliseconds)),
                ])
            } catch {
                return .refusal(error)
            }
        }
        return reply ?? .refusal(OtherBackupRuns())
    }
}

/// A backup that was asked for while another one ran.
private struct OtherBackupRuns: ExplainedError {
    var code: ErrorCode { .busy }
    var description: String {
        "another backup is running. Nothing was copied. Wait until it has ended, and ask again."
    }
}
