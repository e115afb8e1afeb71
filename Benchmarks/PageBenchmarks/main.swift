// Reads customers' pages in one process, as the server does: as of now from the live view, and as of earlier positions
// from the customer's own events.
// usage: PageBenchmarks DATA-DIRECTORY [CUSTOMER-COUNT]      the directory of a stopped server; its views are caught up
//
// Estimate: a page as of now is some 25 point reads of LMDB (2 us each) and 200 members of JSON (0.1 us each), so
// 70 us. As of a position, 200 events are found (50 us), unpacked from as many blocks (25 us each) and folded (2 us
// each): 6 ms, of which nearly all is unpacking.

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
    print("usage: PageBenchmarks DATA-DIRECTORY [CUSTOMER-COUNT]")
    exit(1)
}
let count = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 2000 : 2000
var options = EventLog.Options(extractor: Catalog.termExtractor) { Timestamp(milliseconds: 0) }
options.rules = Catalog.lifecycleRules
let directory = DataDirectory(CommandLine.arguments[1])
let log = try EventLog(at: directory, options: options)
let keys = try LogKeys(of: directory).open(for: log)
let source = OpenedEvents(log, PersonalReader(keys, log, .every))
let views = try ProjectionRuntime(source: source, directory: directory.views, models: [Customer360.self])
let following = Task { await views.run() }
let last = Position(log.end.index - 1)
while try await views.wait(for: Customer360.name, toReach: last, atMost: .seconds(60)) == nil {}

/// Customers of the whole log, a fixed choice.
let ids = try customers(count)
try await time("as of now", ids) { _ in ReplayBounds() }
try await time("as of a position of the newer half", ids) { place in
    ReplayBounds(at: Position(last.index / 2 + UInt64(place) * 7919 % (last.index / 2 + 1)), asOf: nil)
}
following.cancel()
await following.value
views.settle()
log.close()

/// The keys of so many customers, spread evenly over all in the order of their accounts.
func customers(_ count: Int) throws -> [String] {
    var found: [String] = []
    var request = ReadRequest(.query(EventQuery([.init(types: ["account.created"])])), count: 1000)
    while true {
        let page = try log.read(request)
        guard let newest = page.last else { break }
        found += page.map { String($0.stream.text.dropFirst("account-".count)) }
        request.from = newest.position.index + 1
    }
    return (0..<min(count, found.count)).map { found[$0 * found.count / min(count, found.count)] }
}

/// Prints the median, the 99th percentile and the slowest of one question for each customer, in microseconds.
func time(_ what: String, _ ids: [String], _ bounds: (Int) -> ReplayBounds) async throws {
    let clock = ContinuousClock()
    var microseconds: [Int64] = []
    for (place, id) in ids.enumerated() {
        let question = ViewQuestion(.get(id), try ViewParameters(), bounds: bounds(place))
        let start = clock.now
        let page = try await views.answer(Customer360.name, question)
        let (seconds, attoseconds) = start.duration(to: clock.now).components
        if page != nil { microseconds.append(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) }
    }
    microseconds.sort()
    let rank = { (part: Double) in microseconds[Int(part * Double(microseconds.count - 1))] }
    print("\(microseconds.count) pages \(what): p50 \(rank(0.5)) us, p99 \(rank(0.99)) us, slowest \(rank(1)) us")
}
