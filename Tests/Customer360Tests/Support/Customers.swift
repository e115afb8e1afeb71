import CRMEvents
import CanonicalJSON
import Customer360
import EventModel
import ProjectionRuntime
import Testing

/// The read model folded over a history, and short ways to ask it.
struct Customers {
    private let snapshot: ViewSnapshot

    init(_ history: History) async throws {
        let tables = TableSet()
        let model = Customer360(tables: tables)
        for event in history.events { model.apply(try CRMEvent(event)) }
        snapshot = ViewSnapshot(tables)
    }

    func customer(_ key: String, _ parameters: JSON = [:]) async throws -> JSON? {
        try Customer360.get(key, ViewParameters(parameters), in: snapshot)
    }

    func scan(_ parameters: JSON = [:]) async throws -> (rows: [JSON], next: String?) {
        let page = try Customer360.scan(ViewParameters(parameters), in: snapshot)
        return (page.rows, page.next)
    }

    func report(_ parameters: JSON = [:]) async throws -> JSON {
        try Customer360.report(ViewParameters(parameters), in: snapshot)
    }
}

extension JSON {
    /// A member of a member, by a dotted path.
    func at(_ path: String) -> JSON? {
        var node: JSON? = self
        for name in path.split(separator: ".") { node = node?[String(name)] }
        return node
    }

    /// The positions on the timeline page of a customer.
    var positions: [Int64] {
        at("timeline.entries")?.elements?.compactMap { $0["position"]?.integer } ?? []
    }
}

/// Deterministic random numbers (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
