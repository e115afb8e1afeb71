/// The index of an event in the log: gapless from 0. It is also the index of its Merkle leaf.
public struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The index, counted from 0.
    public let index: UInt64

    /// The first position of every log.
    public static let origin = Position(0)

    /// A position from its index.
    public init(_ index: UInt64) { self.index = index }

    /// The position that follows. Traps past 2^64 − 1, which no log reaches.
    public var next: Position { Position(index + 1) }

    public var description: String { "\(index)" }

    public static func < (left: Position, right: Position) -> Bool { left.index < right.index }
}

/// The index of an event in its stream: gapless from 0.
public struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The index, counted from 0.
    public let index: UInt64

    /// The revision of every stream's first event.
    public static let first = Revision(0)

    /// A revision from its index.
    public init(_ index: UInt64) { self.index = index }

    /// The revision that follows.
    public var next: Revision { Revision(index + 1) }

    public var description: String { "\(index)" }

    public static func < (left: Revision, right: Revision) -> Bool { left.index < right.index }
}
