public import CanonicalJSON
public import EventModel

extension CloudEvent {
    /// Reads what a producer sends.
    ///
    /// The extensions `position`, `revision` and `recorded` of our own reads are ignored, so that an
    /// export can be imported again.
    ///
    /// - Throws: ``CloudEventError`` that names the first member at fault.
    public static func read(_ node: JSONNode) throws(CloudEventError) -> IncomingEvent {
        let event = node.cursor
        let envelope = try Envelope(event)
        return IncomingEvent(
            stream: try envelope.stream(in: event),
            expecting: try envelope.expectedRevision(in: event),
            content: try envelope.content(in: event),
            data: envelope.has(.data) ? node.value(at: envelope.place(.data)) : nil,
            time: try envelope.timestamp(.time, in: event))
    }

    /// Reads an envelope whose data came apart from it, by the same rules.
    ///
    /// - Throws: ``CloudEventError`` that names the first member at fault.
    public static func read(_ envelope: JSONNode, data: JSONNode) throws(CloudEventError) -> IncomingEvent {
        var event = try read(envelope)
        event.content.data = try Envelope.canonical(data: data.cursor)
        event.data = data
        return event
    }

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
        return RecordedEvent(
            position: Position(try envelope.index(.position, in: event)),
            stream: try envelope.stream(in: event),
            revision: Revision(try envelope.index(.revision, in: event)),
            time: time,
            recorded: recorded,
            content: try envelope.content(in: event))
    }
}
