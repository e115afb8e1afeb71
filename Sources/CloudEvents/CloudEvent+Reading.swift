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
        let envelope = try Envelope(node)
        return IncomingEvent(
            stream: try envelope.stream(),
            expecting: try envelope.expectedRevision(),
            content: try envelope.content(),
            data: envelope.data,
            time: try envelope.timestamp("time", envelope.time))
    }

    /// Reads what ``write(_:)`` wrote, for the client.
    ///
    /// The credential binding and the slots of personal fields do not leave the server this way, so they
    /// come back empty.
    ///
    /// - Throws: ``CloudEventError`` that names the first member at fault.
    public static func readRecorded(_ node: JSONNode) throws(CloudEventError) -> RecordedEvent {
        let envelope = try Envelope(node)
        let allowed = "an RFC 3339 date-time, which every recorded event has"
        guard let time = try envelope.timestamp("time", envelope.time) else {
            throw CloudEventError("time", found: "absent", allowed: allowed)
        }
        guard let recorded = try envelope.timestamp("recorded", envelope.recorded) else {
            throw CloudEventError("recorded", found: "absent", allowed: allowed)
        }
        return RecordedEvent(
            position: Position(try envelope.index("position", envelope.position)),
            stream: try envelope.stream(),
            revision: Revision(try envelope.index("revision", envelope.revision)),
            time: time,
            recorded: recorded,
            content: try envelope.content())
    }
}
