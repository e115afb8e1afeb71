import CanonicalJSON
import EventModel

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

    /// Whether a name is that of a member with a meaning of its own, and so of no extension.
    public static func isMember(_ name: String) -> Bool { Envelope.names.names.contains(name) }
}
