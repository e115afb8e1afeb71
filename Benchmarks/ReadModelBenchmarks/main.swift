// Folds the read models of `BenchmarkModel` from a data directory. Prints one JSON line: the answer, and what it cost.
// usage: ReadModelBenchmarks DATA-DIRECTORY

import CRMEvents
import CanonicalJSON
import EventLog
import EventModel
import Foundation
import ProjectionRuntime

guard CommandLine.arguments.count == 2 else {
    print("usage: ReadModelBenchmarks DATA-DIRECTORY")
    exit(1)
}
let clock = ContinuousClock()
let started = clock.now
var options = EventLog.Options(extractor: Catalog.termExtractor) { Timestamp(milliseconds: 0) }
options.rules = Catalog.lifecycleRules
options.isReadOnly = true
options.cacheByteCount = 0
let directory = DataDirectory(CommandLine.arguments[1])
let log = try EventLog(at: directory, options: options)
let views = try OfflineViews(source: log, directory: directory.views)
let opened = clock.now
let folded = try await views.asOf(BenchmarkModel.self, ReplayBounds(), progress: { _, _ in })
let foldedAt = clock.now
let report = try folded.answer(.report, [:])?["report"] ?? .null
let ended = clock.now

/// Milliseconds between two moments.
func milliseconds(_ from: ContinuousClock.Instant, _ to: ContinuousClock.Instant) -> JSON {
    let (seconds, attoseconds) = from.duration(to: to).components
    return .integer(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
}

/// The largest resident size so far, in MiB, as the kernel tells it.
func peakMebibytes() -> JSON {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return .from(peak.flatMap { Int64($0.filter(\.isNumber)) }.map { $0 / 1024 })
}

let result: JSON = [
    "answer": report, "events": .integer(Int64(log.end.index)), "open_ms": milliseconds(started, opened),
    "fold_ms": milliseconds(opened, foldedAt), "answer_ms": milliseconds(foldedAt, ended),
    "total_ms": milliseconds(started, ended), "cpu_ms": .integer(Int64(Foundation.clock()) / 1000),
    "peak_mib": peakMebibytes(),
]
print(result.canonicalText)
log.close()
