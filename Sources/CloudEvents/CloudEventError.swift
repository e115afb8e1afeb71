public import EventModel

/// Why a JSON object was refused as a CloudEvent.
///
/// It names the member, the kind and length of what was found, and what is allowed, never a value.
public struct CloudEventError: ExplainedError, Hashable {
    /// The member at fault, or a description of it when its name is not one to repeat.
    public let member: String
    /// What was found, such as "a text of 300 bytes" or "nothing".
    public let found: String
    /// What is allowed there.
    public let allowed: String

    /// An error from its parts.
    public init(_ member: String, found: String, allowed: String) {
        self.member = member
        self.found = found
        self.allowed = allowed
    }

    public var code: ErrorCode { .invalidEvent }

    public var description: String {
        "the event's \(member) is \(found). The event was not taken, so nothing was written. Send \(allowed)."
    }
}
