public import CanonicalJSON

/// An event of a type that a company defined for itself: its fields are read by their catalog names.
public struct OtherEvent: Sendable {
    /// The group that projections subscribe to.
    public let group: EventGroup
    /// What it says, as the company's definition has it.
    public let data: JSONNode
}
