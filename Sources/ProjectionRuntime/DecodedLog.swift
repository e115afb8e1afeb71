internal import CRMEvents
internal import EventModel
internal import Synchronization

/// A log as projections see it: events decoded once for all of them, each with its owner.
final class DecodedLog: Sendable {
    let source: any EventSource
    private let anchors: Mutex<Anchors>

    /// - Parameter asOf: the bound of a fold that leaves out what had not happened by then.
    init(_ source: any EventSource, asOf: Timestamp? = nil) {
        self.source = source
        anchors = Mutex(Anchors(asOf: asOf, canLookUp: source.hasIndex))
    }

    /// The events from a position on, at most `count`, each with its owner.
    func events(from position: Position, count: Int) throws -> [CRMEvent] {
        try owned([decoded(from: position, count: count)])
    }

    /// The events from a position on, at most `count`, each with the owner that it names itself. Any number of cores
    /// may decode at once.
    func decoded(from position: Position, count: Int) throws -> [CRMEvent] {
        var batch = EventBatch(expecting: count)
        try source.forEachEvent(from: position, count: count) { batch.append($0) }
        return try batch.events()
    }

    /// The events of batches in the order of the log, each with its owner. Of what follows in the log the owners are
    /// found in this order too: then the first events of most streams have been seen.
    func owned(_ batches: [[CRMEvent]]) throws -> [CRMEvent] {
        var events = batches.count == 1 ? batches[0] : Array(batches.joined())
        guard let first = events.first?.position else { return [] }
        if !source.hasIndex { try learn(before: first) }
        try anchors.withLock { anchors in
            try anchors.attribute(&events) { stream in
                guard let first = try source.firstPosition(of: stream) else { return nil }
                return try source.events(from: first, count: 1).first.map { try CRMEvent($0) }
            }
        }
        return events
    }

    /// The anchors of all streams that began before a position, for ``adopt(_:before:)``; `nil` if some are not known,
    /// or more than those.
    func packedAnchors(before end: Position) -> [UInt8]? {
        anchors.withLock { $0.learned == end ? $0.packed : nil }
    }

    /// Whether the anchors of all streams that began before a position are known.
    func knowsAnchors(before end: Position) -> Bool { anchors.withLock { $0.learned.map { $0 >= end } ?? false } }

    /// Takes over the anchors of all streams that began before a position. Bytes that are not
    /// ``packedAnchors(before:)`` leave it to look-ups.
    func adopt(_ packed: [UInt8], before end: Position) { anchors.withLock { _ = $0.adopt(packed, learned: end) } }

    /// Looks at the first events of all streams before a position, where a source cannot look one up.
    private func learn(before end: Position) throws {
        while let next = anchors.withLock({ $0.learned }), next < end {
            let stop = min(Position(next.index + Self.learnedEventCount), end)
            var batch = EventBatch()
            try source.forEachEvent(from: next, count: Int(stop.index - next.index)) { event in
                if event.revision == .first { batch.append(event) }
            }
            let firsts = try batch.events()
            anchors.withLock { $0.learn(firsts, before: stop) }
        }
    }

    private static let learnedEventCount: UInt64 = 16_384
}
