public import CanonicalJSON
public import EventModel

/// The outside shape of an event: CloudEvents 1.0 in its JSON format.
///
/// The envelope is the table of `CATALOG.md` section 1. `subject` carries the stream, `dataschema` the
/// schema version as `urn:rapport:<type>:<n>`, and the extensions `actor`, `correlation`, `causation`,
/// `reason` and `expect` their fields; every other extension goes into `meta`.
public enum CloudEvent {
    /// Bytes of a reason code.
    public static let reasonByteCountMax = 64
    /// Bytes of an extension's name, as CloudEvents 1.0 section "Naming conventions" advises.
    public static let extensionNameByteCountMax = 20

    /// What stands before the type in `dataschema`.
    static let schemaPrefix = "urn:rapport:"
    /// What a text of the envelope may be.
    static let allowedText = "a text of 1 to \(Limits.nameByteCountMax) bytes without control characters"
}

/// An event as its producer sent it, its envelope checked and its data canonical.
///
/// Whether the type exists and its data fits is for the catalog to say.
public struct IncomingEvent: Sendable {
    /// The stream it is for: the CloudEvents `subject`.
    public var stream: StreamName
    /// What the producer believes about the stream: the extension `expect`, ``ExpectedRevision/any`` when absent.
    public var expecting: ExpectedRevision
    /// What is to be recorded, with canonical `data` and `meta`.
    public var content: EventContent
    /// The `data` as parsed, for the catalog to validate; `nil` when absent, which counts as `{}`.
    public var data: JSONNode?
    /// When it happened; `nil` when the producer leaves that to the server's clock.
    public var time: Timestamp?

    /// An incoming event from its parts.
    public init(
        stream: StreamName, expecting: ExpectedRevision = .any, content: EventContent, data: JSONNode? = nil,
        time: Timestamp? = nil
    ) {
        self.stream = stream
        self.expecting = expecting
        self.content = content
        self.data = data
        self.time = time
    }
}
