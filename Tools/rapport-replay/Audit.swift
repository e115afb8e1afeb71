import ArgumentParser
import CanonicalJSON
import EventLog
import EventModel
import Presentation
import ProjectionRuntime

/// `rapport-replay audit`.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Examines every record, the index and every read model. Reads only, repairs nothing.",
        discussion: """
            Log: checksum and form of every record, positions and revisions without gap,
            recorded times that never go back, ids that stand once. Index: the entries
            that the records give, no more, no less. Read models: the live rows' state
            hash equals that of a fresh replay of the same events.
            """)

    @OptionGroup var options: DataOptions

    @Flag(help: "Examine the log and its index only; the audit then ends with 2 at best.")
    var logOnly = false

    func run() async throws {
        let log = try options.openLog(toleratingDamage: true)
        defer { log.close() }
        let progress = Progress("audit")
        let report = log.audit(progress: { progress.show($0, $1) })
        var findings = report.findings
        var comparisons: [ViewComparison] = []
        let isLogReadable = !findings.contains { $0.kind == .corruption }
        if logOnly || !isLogReadable {
            findings.append(Finding(.incomplete, "the read models were not compared with a replay."))
        } else {
            try await compare(log, &comparisons, &findings)
        }
        progress.end()
        let codes = findings.map(\.kind.rawValue)
        let code = codes.filter { $0 >= 10 }.min() ?? codes.min() ?? 0
        if options.json {
            print(json(report, comparisons, findings, code).canonicalText)
        } else {
            tell(report, comparisons, findings, code)
        }
        if code != 0 { throw ExitCode(code) }
    }

    private func compare(
        _ log: EventLog, _ comparisons: inout [ViewComparison], _ findings: inout [Finding]
    ) async throws {
        let progress = Progress("replay of the read models")
        defer { progress.end() }
        do {
            let offline = try OfflineViews(source: log, directory: options.directory.views)
            let compared = try await offline.compare(readModels, progress: { progress.show($0, $1) })
            for (model, comparison) in zip(readModels, compared) {
                if let comparison { comparisons.append(comparison) }
                findings += self.findings(of: model.name, comparison)
            }
        } catch let error as any ExplainedError {
            findings.append(Finding(.derived, "\(error)"))
        }
    }

    private func findings(of name: String, _ comparison: ViewComparison?) -> [Finding] {
        guard let comparison else {
            return [
                Finding(
                    .incomplete,
                    "'\(name)' has no live generation. Run 'rapport-replay rebuild', or start rapportd.")
            ]
        }
        if comparison.isAheadOfLog {
            return [
                Finding(
                    .order,
                    "'\(name)' has folded \(comparison.eventCount) events and the log is shorter. Events are missing "
                        + "from the log, or an older copy of it was put in its place. Find the newer log before you "
                        + "rebuild.")
            ]
        }
        var findings = comparison.violations.map {
            Finding(.derived, "'\(name)' contradicts its own arithmetic: \($0)")
        }
        if !comparison.isEqual {
            let rows = comparison.differences.map { "\($0.kind.rawValue) \($0.table) \($0.key)" }
            findings.append(
                Finding(
                    .derived,
                    "'\(name)' is not what a replay of the log gives. Its answers cannot be trusted; the log is not "
                        + "concerned. Run 'rapport-replay rebuild \(name)'."
                        + (rows.isEmpty ? "" : " First rows that differ: \(rows.joined(separator: ", ")).")))
        }
        return findings
    }

    private func tell(
        _ report: LogAuditReport, _ comparisons: [ViewComparison], _ findings: [Finding], _ code: Int32
    ) {
        print("log      \(report.eventCount) events in \(report.streamCount) streams examined")
        print(
            "index    \(report.indexedEventCount) events compared; the newer ones are read from the log at every start")
        for view in comparisons {
            let behind = Int64(report.eventCount) - Int64(view.eventCount)
            print(
                "view     \(view.name) v\(view.version): \(view.rowCount) rows after \(view.eventCount) events, "
                    + (view.isEqual ? "equal to its replay" : "NOT equal to its replay")
                    + (behind > 0 ? "; \(behind) events behind the log, which the next start makes up for" : ""))
            if !view.live.isEmpty { print("         state hash \(view.live)") }
        }
        for finding in findings { print("finding  \(finding.sentences)") }
        if report.findingCount > report.findings.count {
            print("         and \(report.findingCount - report.findings.count) findings more")
        }
        print("verdict  " + (code == 0 ? "verified" : "\(findings.count) findings, exit code \(code)"))
    }

    private func json(
        _ report: LogAuditReport, _ comparisons: [ViewComparison], _ findings: [Finding], _ code: Int32
    ) -> JSON {
        [
            "exit_code": .integer(Int64(code)), "events": .integer(Int64(report.eventCount)),
            "streams": .integer(Int64(report.streamCount)),
            "indexed_events": .integer(Int64(report.indexedEventCount)),
            "log_findings": .integer(Int64(report.findingCount)),
            "views": .array(
                comparisons.map { view in
                    [
                        "view": .text(view.name), "version": .integer(Int64(view.version)),
                        "events": .integer(Int64(view.eventCount)), "rows": .integer(Int64(view.rowCount)),
                        "state_hash": .text(view.live), "replay_hash": .text(view.replay),
                        "equal": .boolean(view.isEqual),
                    ]
                }),
            "findings": .array(
                findings.map { finding in
                    [
                        "code": .integer(Int64(finding.kind.rawValue)),
                        "position": .from(finding.position.map { Int64($0.index) }),
                        "text": .text(finding.sentences),
                    ]
                }),
        ]
    }
}
