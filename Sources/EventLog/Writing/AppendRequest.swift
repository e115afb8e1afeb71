public import EventModel

/// One atomic append: all of its events are recorded, or none.
public struct AppendRequest: Sendable {
    /// What goes to which stream.
    public var appends: [StreamAppend]
    /// What would make the append come too late; `nil` for nothing.
    public var condition: AppendCondition?
    /// What ties the append to its credential, 32 bytes.
    public let auth: [UInt8]

    /// A request from its parts.
    ///
    /// - Precondition: `auth` has 32 bytes.
    public init(
        _ appends: [StreamAppend], unless condition: AppendCondition? = nil,
        auth: [UInt8] = RecordedEvent.noCredential
    ) {
        precondition(auth.count == 32, "a credential binding has 32 bytes")
        self.appends = appends
        self.condition = condition
        self.auth = auth
    }
}
