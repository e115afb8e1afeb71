/// Whose key, and for what: there is at most one live key per name.
public struct KeyName: Hashable, Sendable {
    /// The party or stream whose fields it seals: a surrogate such as `contact-17`, 1 to 128 bytes.
    public let subject: String
    /// What the fields are kept for, such as `identity`, 1 to 128 bytes.
    public let purpose: String

    /// A name from its parts.
    public init(subject: String, purpose: String) {
        self.subject = subject
        self.purpose = purpose
    }

    /// t16(subject) ‖ t16(purpose), the name's key in the store.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendText16(subject)
        bytes.appendText16(purpose)
        return bytes
    }
}

extension KeyName {
    /// A name from its key in the store; `nil` for other bytes.
    init?(_ bytes: [UInt8]) {
        var reader = BigEndianReader(bytes)
        guard let subject = reader.text16(), let purpose = reader.text16(), reader.isAtEnd else { return nil }
        self.init(subject: subject, purpose: purpose)
    }
}
