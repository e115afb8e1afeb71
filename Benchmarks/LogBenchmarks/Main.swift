import CRMEvents
import DemoCompany
import EventLog
import EventModel
import Foundation

/// Benchmarks of the hot verbs, in one process, on events of the demo company.
///
///     swift build -c release --product LogBenchmarks && .build/release/LogBenchmarks [DIRECTORY [DATA]]
///
/// DIRECTORY lies on the disk to measure; the temporary directory by default. With DATA, the data directory of a
/// stopped server, the records of that log are scanned and nothing else is measured. Every row is the median of
/// three runs with the least and the greatest beside it. Machines drift: compare rows of one run.
@main
enum Main {
    static func main() async throws {
        if CommandLine.arguments.count > 2 { return try scan(DataDirectory(CommandLine.arguments[2])) }
        let base = CommandLine.arguments.dropFirst().first ?? FileManager.default.temporaryDirectory.path
        let scratch = URL(fileURLWithPath: base).appendingPathComponent("rapport-bench-\(getpid())")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }

        let lines = Array(DemoCompany(customerCount: 300, seed: 1).lines())
        print(
            "\(lines.count) events of the demo company, mean \(lines.reduce(0) { $0 + $1.count } / lines.count) bytes\n"
        )
        let table = Table()
        try await Appends(lines: lines, scratch: scratch).measure(table)
        try await Replays(lines: lines, scratch: scratch).measure(table)
    }

    private static func scan(_ directory: DataDirectory) throws {
        var options = EventLog.Options(extractor: Catalog.termExtractor) { Timestamp(milliseconds: 0) }
        options.isReadOnly = true
        options.cacheByteCount = 0
        let log = try EventLog(at: directory, options: options)
        defer { log.close() }
        try Replays.scan(log, count: Int(log.end.index), Table())
    }
}

/// Prints one row per measurement.
struct Table {
    init() { print("verb                                      per second        least     greatest   us each") }

    /// Measures `body`, which does `count` operations, three times.
    func row(_ verb: String, count: Int, _ body: () async throws -> Void) async rethrows {
        var rates: [Double] = []
        for _ in 0..<3 {
            let start = ContinuousClock.now
            try await body()
            rates.append(Self.rate(count, since: start))
        }
        show(verb, rates)
    }

    /// The same for what runs to its end without waiting.
    func row(_ verb: String, count: Int, _ body: () throws -> Void) rethrows {
        var rates: [Double] = []
        for _ in 0..<3 {
            let start = ContinuousClock.now
            try body()
            rates.append(Self.rate(count, since: start))
        }
        show(verb, rates)
    }

    private static func rate(_ count: Int, since start: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(count) / (Double(seconds) + Double(attoseconds) / 1e18)
    }

    private func show(_ verb: String, _ rates: [Double]) {
        let sorted = rates.sorted()
        let cells = [sorted[1], sorted[0], sorted[2]].map { String(format: "%12.0f", $0) }.joined(separator: " ")
        print(
            verb.padding(toLength: 40, withPad: " ", startingAt: 0) + cells + String(format: "%10.2f", 1e6 / sorted[1]))
    }
}
