internal import EventModel

/// How far a generation has come. Stored in the same transaction as the rows it stands for.
struct Checkpoint: Hashable, Sendable {
    /// The position of the next event to apply.
    var next: Position
    /// The greatest time among the applied events.
    var latestTime: Timestamp?

    static let start = Checkpoint(next: .origin, latestTime: nil)
}
