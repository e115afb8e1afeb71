public import CanonicalJSON
public import EventModel

/// The envelope of an event as its producer sent it: checked, and left where it stands.
///
/// Whether the type exists and its data fits is for the catalog to say. The extensions `position`, `revision` and
/// `recorded` of our own reads are ignored, so that an export can be imported again.
public struct IncomingEnvelope {
    private let envelope: Envelope
    /// The schema version that `dataschema` names; 1 when absent.
    public let schema: UInt32
    /// What the producer believes about the stream: the extension `expect`, ``ExpectedRevision/any`` when absent.
    public let expecting: ExpectedRevision
    /// Whether the producer decided from a state of the stream: whether there is an extension `expect`. An event
    /// without one tells what has happened elsewhere.
    public var isDecision: Bool { envelope.has(.expect) }
    /// When it happened; `nil` when the producer leaves that to the server's clock.
    public let time: Timestamp?
    /// The other extensions as one flat canonical object.
    public let meta: [UInt8]
    private let isOpened: Bool

    /// Checks every member of an event.
    ///
    /// - Throws: ``CloudEventError`` that names the first member at fault.
    public init(checking event: borrowing JSONCursor) throws(CloudEventError) {
        envelope = try Envelope(event)
        try envelope.checkStream(in: event)
        expecting = try envelope.expectedRevision(in: event)
        try envelope.checkTexts(in: event)
        schema = try envelope.schema(in: event)
        meta = try envelope.meta(in: event)
        if envelope.has(.data) { try Self.check(data: event.value(at: envelope.place(.data))) }
        time = try envelope.timestamp(.time, in: event)
        isOpened = try envelope.hasOpenedFields(in: event)
    }

    /// Where the `data` stands, for the catalog to validate; `nil` when absent, which counts as `{}`.
    public var data: JSONPlace? { envelope.has(.data) ? envelope.place(.data) : nil }

    /// Where the `personal` of our own reads stands; `nil` when absent, or when it holds no fields that were opened.
    public var personal: JSONPlace? { isOpened ? envelope.place(.personal) : nil }

    /// Lends the UTF-8 bytes of a text of the event that was checked; none for an absent one.
    @inlinable
    public func withText(_ text: EventText, of event: borrowing JSONCursor, _ body: (Span<UInt8>) -> Void) {
        let place = place(of: text)
        if place == .root { body(Span()) } else { event.value(at: place).withText(body) }
    }

    /// Where a text stands; the root if it is absent.
    @usableFromInline
    func place(of text: EventText) -> JSONPlace { envelope.place(Envelope.Member(text)) }

    /// Checks an event's data, wherever it came from.
    ///
    /// - Throws: ``CloudEventError`` unless it is an object of at most ``Limits/eventDataByteCountMax`` bytes in
    ///   canonical form.
    public static func check(data: borrowing JSONCursor) throws(CloudEventError) {
        guard data.kind == .object else {
            throw CloudEventError("data", found: data.found, allowed: "a JSON object, or leave it out")
        }
        // The canonical form is never longer than what arrived.
        guard data.byteCount > Limits.eventDataByteCountMax else { return }
        let byteCount = data.canonicalBytes.count
        guard byteCount <= Limits.eventDataByteCountMax else {
            throw CloudEventError(
                "data", found: "an object of \(byteCount) canonical bytes",
                allowed: "at most \(Limits.eventDataByteCountMax) bytes and keep large content elsewhere")
        }
    }
}
