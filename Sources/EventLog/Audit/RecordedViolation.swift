public import EventModel
internal import RecordFormat

/// An event that was recorded although its stream's lifecycle does not allow it.
public struct RecordedViolation: Hashable, Sendable {
    /// Where it stands.
    public let position: Position
    /// Its stream.
    public let stream: StreamName
    /// What is wrong with it.
    public let transition: IllegalTransition
}

extension EventLog {
    /// Replays the log and hands over every event that was not legal where its stream stood.
    ///
    /// Imports record such events (``PreparedRequests/openStream(expecting:recordsViolations:)``), and so did logs
    /// before their rules were there. The states of all streams are in memory at once: some 200 bytes each.
    ///
    /// - Parameter progress: is told how many events have been read, now and then.
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for one that cannot be read.
    public func forEachViolation(
        progress: (_ next: Position, _ end: Position) -> Void = { _, _ in }, _ body: (RecordedViolation) -> Void
    ) throws(ReadError) {
        var states: [String: LifecycleState] = [:]
        var failure: ReadError?
        let end = end
        try forEachRecord { record in
            if record.position.index % 65_536 == 0 { progress(record.position, end) }
            guard rules.governs(record.utf8(.type)) else { return true }
            do throws(RecordError) {
                let stream = try record.text(.stream)
                if let transition = record.advance(&states[stream, default: LifecycleState()], rules) {
                    body(
                        RecordedViolation(
                            position: record.position, stream: StreamName(recorded: stream), transition: transition))
                }
            } catch {
                failure = .corruptRecord(at: record.position, why: error.description)
            }
            return failure == nil
        }
        if let failure { throw failure }
    }
}
