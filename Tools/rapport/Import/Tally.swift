import CanonicalJSON
import Foundation
import Presentation

/// What an import has done so far, on screen and in the rejects file.
final class Tally {
    private(set) var rows = 0
    private(set) var mapped = 0
    private(set) var appended = 0
    private(set) var alreadyThere = 0
    private(set) var rejected = 0
    private var shown: [Rejection] = []
    private let rejects: OutputFile?
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now

    /// Rejections on the screen; the file has all.
    private static let shownCountMax = 10

    init(rejects: OutputFile?) { self.rejects = rejects }

    func countRow() { rows += 1 }
    func countMapped() { mapped += 1 }
    func countAnswer(isDuplicate: Bool) { if isDuplicate { alreadyThere += 1 } else { appended += 1 } }

    func reject(_ rejection: Rejection) throws(Failure) {
        rejected += 1
        if shown.count < Self.shownCountMax { shown.append(rejection) }
        let line: JSON = [
            "line": .integer(Int64(rejection.line)), "code": .text(rejection.code), "reason": .text(rejection.reason),
            "text": .text(rejection.text),
        ]
        try rejects?.write(line.canonicalBytes)
    }

    /// A line on standard error: rewritten in place for a person, a new one every few seconds for a file.
    func showProgress(isBusy: Bool = false) {
        let isWatched = Console.isWatched
        guard .now - lastShown >= (isWatched ? .milliseconds(200) : .seconds(5)) else { return }
        lastShown = .now
        let line =
            "read \(rows), appended \(appended), already there \(alreadyThere), rejected \(rejected), "
            + "\(rate) events/s" + (isBusy ? ", the server is busy" : "")
        Console.note(isWatched ? "\r\u{1B}[K" + line : line + "\n")
    }

    /// The end: what was done, and the first rejections.
    func showSummary(asJSON isJSON: Bool, isDryRun: Bool, wasInterrupted: Bool) {
        if Console.isWatched { Console.note("\r\u{1B}[K") }
        if isJSON { return showJSON(isDryRun: isDryRun, wasInterrupted: wasInterrupted) }
        var table = TextTable(["": .left, "": .right])
        table.add(["read", String(rows)])
        if isDryRun {
            table.add(["events written", String(mapped)])
        } else {
            table.add(["appended", String(appended)])
            table.add(["already there", String(alreadyThere)])
        }
        table.add(["rejected", String(rejected)])
        table.add(["seconds", String(format: "%.1f", seconds)])
        var lines = table.lines
        if wasInterrupted { lines.insert("interrupted; importing the file again goes on where this ended", at: 0) }
        for rejection in shown { lines.append("line \(rejection.line): \(rejection.code) \(rejection.reason)") }
        if rejected > shown.count { lines.append("and \(rejected - shown.count) more") }
        if rejected > 0, rejects == nil { lines.append("--rejects FILE writes all of them with their text") }
        // A dry run's standard output belongs to the events.
        if isDryRun { lines.forEach(Console.complain) } else { Console.say(lines) }
    }

    private func showJSON(isDryRun: Bool, wasInterrupted: Bool) {
        let summary: JSON = [
            "read": .from(rows), "appended": .from(appended), "already_there": .from(alreadyThere),
            "rejected": .from(rejected), "written": .from(mapped), "interrupted": .boolean(wasInterrupted),
            "milliseconds": .integer(Int64(seconds * 1000)),
            "rejections": .array(
                shown.map { ["line": .from($0.line), "code": .text($0.code), "reason": .text($0.reason)] }),
        ]
        if isDryRun { Console.complain(summary.canonicalText) } else { Console.say(summary.canonicalText) }
    }

    private var seconds: Double {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    private var rate: Int { Int(Double(appended + alreadyThere + rejected) / max(seconds, 0.001)) }
}
