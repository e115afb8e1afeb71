// Reads customers' pages in one process, as the server does: as of now from the live view, and as of earlier positions
// from the customer's own events; and writes them as JSON text.
// usage: PageBenchmarks DATA-DIRECTORY [CUSTOMER-COUNT [EVENT-COUNT]]
//        the directory of a stopped server; its views are caught up. With an event count, customers whom about so many
//        events name.
//
// Estimate: a page as of now is some 25 point reads of LMDB (2 us each) and 500 members of JSON (0.1 us each), so
// 100 us. As of a position, 200 events are found (1 us each), unpacked from as many parts on two cores (13 us each),
// decoded (2 us each) and folded (4 us each): 2.7 ms, half of it unpacking.

import CRMEvents
import CanonicalJSON
import Customer360
import EventLog
import EventModel
import Foundation
import PersonalData
import ProjectionRuntime
import SubjectKeys

guard CommandLine.arguments.count >= 2 else {
    print("usage: PageBenchmarks DATA-DIRECTORY [CUSTOMER-COUNT [EVENT-COUNT]]")
    exit(1)
}
let count = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 2000 : 2000
let eventCount = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3]) : nil
var options = EventLog.Options(extractor: Catalog.termExtractor) { Timestamp(milliseconds: 0) }
options.rules = Catalog.lifecycleRules
let directory = DataDirectory(CommandLine.arguments[1])
// For reading first: that makes no log where there is none.
options.isReadOnly = true
do {
    let log = try EventLog(at: directory, options: options)
    defer { log.close() }
    guard log.end > .origin else { throw OpenError.noLog }
} catch {
    print("PageBenchmarks: \(error)")
    exit(1)
}
options.isReadOnly = false
let log = try EventLog(at: directory, options: options)
let keys = try LogKeys(of: directory).open(for: log)
let source = OpenedEvents(log, PersonalReader(keys, log, .every))
let views = try ProjectionRuntime(source: source, directory: directory.views, models: [Customer360.self])
let following = Task { await views.run() }
let last = Position(log.end.index - 1)
while try await views.wait(for: Customer360.name, toReach: last, atMost: .seconds(60)) == nil {}

/// Customers of the whole log, a fixed choice.
let ids = try customers(count)
// Twice, since a server that has just begun has none of the pages of memory yet.
try await time("as of now, at first", ids) { _ in ReplayBounds() }
try await time("as of now", ids) { _ in ReplayBounds() }
// The first question about the past marks the log's times, unless the views had the time to: 0.1 to 0.2 s a million.
try await time("as of the newest position, the first of its kind", [ids[0]]) { _ in ReplayBounds(at: last, asOf: nil) }
try await time("as of a position of the newer half", ids) { place in
    ReplayBounds(at: Position(last.index / 2 + UInt64(place) * 7919 % (last.index / 2 + 1)), asOf: nil)
}
following.cancel()
await following.value
views.settle()
log.close()

/// The keys of so many customers, spread evenly over all that are meant in the order of their accounts.
func customers(_ count: Int) throws -> [String] {
    var found: [String] = []
    var request = ReadRequest(.query(EventQuery([.init(types: ["account.created"])])), count: 1000)
    while true {
        let page = try log.read(request)
        guard let newest = page.last else { break }
        found += try page.map { String($0.stream.text.dropFirst("account-".count)) }.filter(isMeant)
        request.from = newest.position.index + 1
    }
    return (0..<min(count, found.count)).map { found[$0 * found.count / min(count, found.count)] }
}

/// Whether about as many events name the customer as were asked for.
func isMeant(_ id: String) throws -> Bool {
    guard let eventCount else { return true }
    let found = try log.positions(of: [], matching: [.init(terms: ["account:" + id])], before: log.end).count
    return (eventCount * 3 / 4...eventCount * 5 / 4).contains(found)
}

/// Prints the median, the 99th percentile and the slowest of one question for each customer, in microseconds.
func time(_ what: String, _ ids: [String], _ bounds: (Int) -> ReplayBounds) async throws {
    let clock = ContinuousClock()
    var microseconds: [Int64] = []
    var writing: [Int64] = []
    var byteCount = 0
    var events: [Int64] = []
    func since(_ start: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = start.duration(to: clock.now).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
    for (place, id) in ids.enumerated() {
        let question = ViewQuestion(.get(id), try ViewParameters(), bounds: bounds(place))
        let start = clock.now
        guard let page = try await views.answer(Customer360.name, question) else { continue }
        microseconds.append(since(start))
        events.append(page["row"]?["events"]?.integer ?? 0)
        let begin = clock.now
        byteCount += page.canonicalBytes.count
        writing.append(since(begin))
    }
    guard !microseconds.isEmpty else { return print("no pages \(what)") }
    func rank(_ part: Double, of numbers: [Int64]) -> Int64 {
        numbers.sorted()[Int(part * Double(numbers.count - 1))]
    }
    let times = [0.5, 0.99, 1].map { rank($0, of: microseconds) }
    print(
        "\(microseconds.count) pages \(what), at the median of \(rank(0.5, of: events)) events: p50 \(times[0]) us, "
            + "p99 \(times[1]) us, slowest \(times[2]) us; written: p50 \(rank(0.5, of: writing)) us, "
            + "p99 \(rank(0.99, of: writing)) us, mean \(byteCount / microseconds.count) bytes")
}
