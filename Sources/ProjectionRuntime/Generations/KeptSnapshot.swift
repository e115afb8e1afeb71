internal import CanonicalJSON
internal import EventModel

/// A state of a view that was kept: its rows as they were when the log had come to a position.
public struct KeptSnapshot: Hashable, Sendable {
    /// The view.
    public let name: String
    /// The version of its projection.
    public let version: UInt32
    /// Events folded: the position of the first one that it has not applied.
    public let eventCount: UInt64
    /// The greatest time among them, in milliseconds since 1970; `nil` if no event was applied.
    let latestTime: Int64?
    /// Number of rows.
    public let rowCount: UInt64
    /// RFC 6962 root over the rows, in hexadecimal.
    public let stateHash: String

    init(_ model: any ReadModel.Type, _ state: GenerationState) {
        name = model.name
        version = model.version
        eventCount = state.checkpoint.next.index
        latestTime = state.checkpoint.latestTime?.milliseconds
        rowCount = state.rows.count
        stateHash = state.hash
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    init?(_ name: String, _ version: UInt32, _ bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let events = json["events"]?.integer, events > 0,
            let rows = json["rows"]?.integer, rows >= 0, let hash = json["state_hash"]?.text
        else { return nil }
        self.name = name
        self.version = version
        eventCount = UInt64(events)
        latestTime = json["latest_time"]?.integer
        rowCount = UInt64(rows)
        stateHash = hash
    }

    /// What the file `STATE` holds.
    var json: JSON {
        [
            "events": .integer(Int64(eventCount)), "latest_time": .from(latestTime), "rows": .integer(Int64(rowCount)),
            "state_hash": .text(stateHash),
        ]
    }

    /// Whether a fold up to bounds may begin here: nothing was applied that they leave out.
    func isWithin(_ bounds: ReplayBounds) -> Bool {
        if let at = bounds.at, eventCount - 1 > at.index { return false }
        if let asOf = bounds.asOf, let latestTime { return latestTime <= asOf.milliseconds }
        return true
    }
}
