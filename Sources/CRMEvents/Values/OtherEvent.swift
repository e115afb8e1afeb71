public import CanonicalJSON

/// An event of the catalog that has no Swift value of its own yet: its fields are read by their catalog names.
public struct OtherEvent: Sendable {
    /// The group that projections subscribe to.
    public let group: EventGroup
    /// What it says, as the catalog defines its type.
    public let data: JSONNode
}
