import CanonicalJSON
import EventClient

/// What a load brought, for a person and for a program.
struct BenchReport {
    private let shape: String
    private let unit: String
    private let result: LoadResult
    private let durability: String?
    private let bench: Bench
    private let perRequest: Int

    init(_ bench: Bench, _ result: LoadResult, perRequest: Int, durability: String) {
        self.bench = bench
        self.result = result
        self.perRequest = perRequest
        let inFlight = bench.inFlight > 1 ? " with \(bench.inFlight) in flight each" : ""
        let clients = bench.clients == 1 ? "1 client" : "\(bench.clients) clients"
        switch bench.kind {
        case .append:
            unit = "events/s"
            shape = "append, \(clients)\(inFlight), \(perRequest) a request"
            self.durability = durability
        case .readStream:
            unit = "streams/s"
            shape = "read-stream, \(clients)\(inFlight)"
            self.durability = nil
        case .scan:
            unit = "events/s"
            shape = "scan, \(clients), pages of \(perRequest)"
            self.durability = nil
        case .rtt:
            unit = "round trips/s"
            shape = "rtt, \(clients)\(inFlight)"
            self.durability = nil
        }
    }

    private static let shares: [(name: String, share: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999),
    ]

    var lines: [String] {
        var rows = [
            (shape, ""),
            ("rate", "\(Int(result.itemsPerSecond.rounded())) \(unit)"),
            (
                "requests",
                "\(result.requestCount) in \(milliseconds) ms, \(Int(result.requestsPerSecond.rounded())) a second"
            ),
        ]
        for (name, share) in Self.shares { rows.append((name, Self.microseconds(result.latency.time(atShare: share)))) }
        rows.append(("max", Self.microseconds(result.latency.max)))
        rows.append(("errors", "\(result.errorCount)" + (result.firstError.map { ", the first: \($0)" } ?? "")))
        if let durability { rows.append(("durability", durability)) }
        return rows.map { name, value in
            value.isEmpty ? name : "  " + name + String(repeating: " ", count: max(1, 12 - name.count)) + value
        }
    }

    /// Times are nanoseconds, since numbers are whole.
    var json: JSON {
        var members: JSON.Members = [
            "kind": .text(bench.kind.rawValue), "clients": .integer(Int64(bench.clients)),
            "in_flight": .integer(Int64(bench.inFlight)), "batch": .integer(Int64(perRequest)),
            "unit": .text(unit), "per_second": .integer(Int64(result.itemsPerSecond.rounded())),
            "requests_per_second": .integer(Int64(result.requestsPerSecond.rounded())),
            "items": .integer(Int64(result.itemCount)), "requests": .integer(Int64(result.requestCount)),
            "milliseconds": .integer(Int64(clamping: milliseconds)), "errors": .integer(Int64(result.errorCount)),
            "first_error": .from(result.firstError), "durability": .from(durability),
            "max_ns": .integer(Int64(clamping: result.latency.max)),
        ]
        for (name, share) in Self.shares {
            let key = name.filter { $0 != "." } + "_ns"
            members[key] = .integer(Int64(clamping: result.latency.time(atShare: share)))
        }
        return .object(members)
    }

    private var milliseconds: UInt64 { result.nanoseconds / 1_000_000 }

    private static func microseconds(_ nanoseconds: UInt64) -> String {
        "\(nanoseconds / 1000).\(nanoseconds / 100 % 10) µs"
    }
}
