public import CanonicalJSON
public import EventModel

extension CloudEvent {
    /// Reads what ``write(_:)`` wrote, for the client.
    ///
    /// The credential binding and the slots of personal fields do not leave the server this way, so they
    /// come back empty.
    ///
    /// - Throws: ``CloudEventError`` that names the first member at fault.
    public static func readRecorded(_ node: JSONNode) throws(CloudEventError) -> RecordedEvent {
        let event = node.cursor
        let envelope = try Envelope(event)
        let allowed = "an RFC 3339 date-time, which every recorded event has"
        guard let time = try envelope.timestamp(.time, in: event) else {
            throw CloudEventError("time", found: "absent", allowed: allowed)
        }
        guard let recorded = try envelope.timestamp(.recorded, in: event) else {
            throw CloudEventError("recorded", found: "absent", allowed: allowed)
        }
        let incoming = try IncomingEnvelope(checking: event)
        func text(_ text: EventText) -> String {
            incoming.place(of: text) == .root ? "" : event.value(at: incoming.place(of: text)).text ?? ""
        }
        var content = EventContent(
            type: text(.type), schema: incoming.schema, key: EventKey(source: text(.source), id: text(.id)))
        content.actor = text(.actor)
        content.correlation = text(.correlation)
        content.causation = text(.causation)
        content.reason = text(.reason)
        content.meta = incoming.meta
        if let data = incoming.data { content.data = event.value(at: data).canonicalBytes }
        var recordedEvent = RecordedEvent(
            position: Position(try envelope.index(.position, in: event)), stream: StreamName(recorded: text(.stream)),
            revision: Revision(try envelope.index(.revision, in: event)), time: time, recorded: recorded,
            content: content)
        if envelope.has(.personal) {
            let personal = event.value(at: envelope.place(.personal))
            recordedEvent.personal = [Self.content(of: personal)]
        }
        return recordedEvent
    }

    /// What `personal` says: the fields, or why they are not shown.
    private static func content(of personal: borrowing JSONCursor) -> PersonalContent {
        if let erased = personal["erased"], let position = erased["position"], let index = position.integer {
            return .erased(at: Position(UInt64(max(0, index))))
        }
        if let sealed = personal["sealed"], let purpose = sealed["purpose"] {
            return .sealed(purpose: purpose.text ?? "")
        }
        return .opened(personal.canonicalBytes)
    }
}
