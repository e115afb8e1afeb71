import CanonicalJSON
import ProjectionRuntime

/// Number of events per type: known types by number, the others by name, both ascending, none with the count 0.
struct EventTally: RowValue, Equatable {
    struct Known: Equatable, Sendable {
        let kind: EventKind
        var count: Int64
    }

    struct Other: Equatable, Sendable {
        let type: String
        var count: Int64
    }

    private(set) var known: [Known] = []
    private(set) var others: [Other] = []

    init() {}

    /// All events together.
    var total: Int64 {
        known.reduce(0) { $0 &+ $1.count } &+ others.reduce(0) { $0 &+ $1.count }
    }

    /// Counts one event. The list is short and mostly hit near its start, so a linear search beats a dictionary.
    mutating func add(_ kind: EventKind?, type: String) {
        if let kind { add(kind, 1) } else { add(type, 1) }
    }

    /// Adds the counts of another tally.
    mutating func add(_ other: EventTally) {
        for entry in other.known { add(entry.kind, entry.count) }
        for entry in other.others { add(entry.type, entry.count) }
        dropZeros()
    }

    /// Takes the counts of another tally back.
    mutating func subtract(_ other: EventTally) {
        for entry in other.known { add(entry.kind, 0 &- entry.count) }
        for entry in other.others { add(entry.type, 0 &- entry.count) }
        dropZeros()
    }

    private mutating func dropZeros() {
        known.removeAll { $0.count == 0 }
        others.removeAll { $0.count == 0 }
    }

    /// Counts by catalog name.
    var json: JSON {
        let known: [(String, JSON)] = known.map { ($0.kind.name, .integer($0.count)) }
        return .object(JSON.Members(known + others.map { ($0.type, .integer($0.count)) }))
    }

    private mutating func add(_ kind: EventKind, _ count: Int64) {
        var index = 0
        while index < known.count, known[index].kind.number < kind.number { index += 1 }
        if index < known.count, known[index].kind == kind {
            known[index].count &+= count
        } else {
            known.insert(Known(kind: kind, count: count), at: index)
        }
    }

    private mutating func add(_ type: String, _ count: Int64) {
        let index = others.firstIndex { $0.type >= type } ?? others.count
        if index < others.count, others[index].type == type {
            others[index].count &+= count
        } else {
            others.insert(Other(type: type, count: count), at: index)
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.list(known) { encoder, entry in
            encoder.integer(Int64(entry.kind.number))
            encoder.integer(entry.count)
        }
        encoder.list(others) { encoder, entry in
            encoder.text(entry.type)
            encoder.integer(entry.count)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        known = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Known in
            guard let kind = EventKind(code: UInt64(bitPattern: try decoder.integer())) else {
                throw damagedRow()
            }
            return Known(kind: kind, count: try decoder.integer())
        }
        others = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Other in
            Other(type: try decoder.text(), count: try decoder.integer())
        }
    }
}
