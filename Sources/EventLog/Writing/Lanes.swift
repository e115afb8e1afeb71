/// Submissions that wait for the writer, one lane for each source, served in turn.
///
/// A source's own submissions keep their order. Every turn serves each lane with at least one submission and at
/// most ``quantumByteCount`` beyond it, so a small request that has to wait does so for one turn, however much the
/// importers sent.
struct Lanes<Submission> {
    /// Bytes of one lane in one turn, beyond its first submission.
    static var quantumByteCount: Int { 64 << 10 }

    private struct Lane {
        var waiting: [(submission: Submission, byteCount: Int)?] = []
        var served = 0
        var isEmpty: Bool { served == waiting.count }
    }

    private var lanes: [UInt64: Lane] = [:]
    private var turn: [UInt64] = []
    /// Bytes that wait.
    private(set) var byteCount = 0

    mutating func append(_ submission: Submission, byteCount: Int, from source: UInt64) {
        if lanes[source] == nil { turn.append(source) }
        lanes[source, default: Lane()].waiting.append((submission, byteCount))
        self.byteCount += byteCount
    }

    /// Takes whole rounds over the lanes until the bytes are used up.
    mutating func take(byteCountMax: Int) -> [Submission] {
        var taken: [Submission] = []
        var takenByteCount = 0
        while takenByteCount < byteCountMax, !turn.isEmpty {
            let source = turn.removeFirst()
            guard var lane = lanes.removeValue(forKey: source) else { continue }
            var laneByteCount = 0
            while !lane.isEmpty, laneByteCount < Self.quantumByteCount {
                // What is taken is let go of here: its memory is the taker's, and no longer counted.
                guard let next = lane.waiting[lane.served] else { preconditionFailure("a lane serves in order") }
                lane.waiting[lane.served] = nil
                lane.served += 1
                laneByteCount += next.byteCount
                taken.append(next.submission)
            }
            takenByteCount += laneByteCount
            if !lane.isEmpty {
                if lane.served > 64 {
                    lane.waiting.removeFirst(lane.served)
                    lane.served = 0
                }
                lanes[source] = lane
                turn.append(source)
            }
        }
        byteCount -= takenByteCount
        return taken
    }
}
