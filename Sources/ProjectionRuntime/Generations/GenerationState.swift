/// How many rows there are, and the RFC 6962 root over them in hexadecimal.
struct RowRoot: Hashable, Sendable {
    let count: UInt64
    let hash: String
}

/// What a generation holds at a checkpoint.
struct GenerationState: Hashable, Sendable {
    let checkpoint: Checkpoint
    /// Its rows; their root is the state hash.
    let rows: RowRoot

    /// The state hash.
    var hash: String { rows.hash }
}
