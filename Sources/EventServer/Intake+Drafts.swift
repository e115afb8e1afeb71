internal import CRMEvents
internal import CanonicalJSON
internal import CloudEvents
package import EventLog
internal import EventModel
package import WireProtocol

/// Events of `LOG.APPEND`: each becomes the CloudEvent that it means.
extension Intake {
    /// Adds the atomic append that a command asks for.
    package mutating func add(_ draft: AppendDraft, to requests: inout PreparedRequests) throws(Refusal) {
        do throws(Refusal) {
            for stream in draft.streams {
                requests.openStream(expecting: stream.expecting)
                for event in stream.events { try add(event, in: stream.stream, to: &requests) }
            }
            try Self.close(&requests, unless: draft.condition)
        } catch {
            requests.dropRequest()
            throw error
        }
    }

    /// Adds the event that a draft means. Its data stands one level inside the event, and nests one level less.
    private mutating func add(
        _ draft: EventDraft, in stream: StreamName, to requests: inout PreparedRequests
    ) throws(Refusal) {
        let document = try parsed(envelope(of: draft, in: stream), "the event")
        let data = try parsed(draft.data, "the event's data", depthMax: Limits.jsonDepthMax - 1)
        let envelope = try Self.envelope(document.cursor)
        do throws(CloudEventError) {
            try IncomingEnvelope.check(data: data.cursor)
        } catch {
            throw Refusal(error)
        }
        try add(envelope, of: document.cursor, data: data, at: .root, to: &requests)
    }

    /// The CloudEvent that a draft means, without its data. Without an id it gets a random one, and with
    /// that no protection against a second copy when the client retries.
    private func envelope(of draft: EventDraft, in stream: StreamName) throws(Refusal) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(512)
        func add(_ name: String, _ text: String) {
            line.append(UInt8(ascii: line.isEmpty ? "{" : ","))
            CanonicalText.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            CanonicalText.append(text, to: &line)
        }
        add("specversion", "1.0")
        add("id", draft.id ?? Self.randomID())
        add("source", draft.source)
        add("type", draft.type)
        add("subject", stream.text)
        add("dataschema", "urn:rapport:\(draft.type):\(draft.schema)")
        if let time = draft.time { add("time", time.description) }
        if !draft.actor.isEmpty { add("actor", draft.actor) }
        if !draft.correlation.isEmpty { add("correlation", draft.correlation) }
        if !draft.causation.isEmpty { add("causation", draft.causation) }
        if !draft.reason.isEmpty { add("reason", draft.reason) }
        if let meta = draft.meta { try addExtensions(meta, to: &line) }
        line.append(UInt8(ascii: "}"))
        return line
    }

    /// Adds the members of `META`, none of which may be one that the command has an argument for, or the server sets.
    private func addExtensions(_ meta: [UInt8], to line: inout [UInt8]) throws(Refusal) {
        let extensions = try parsed(meta, "META").root
        guard extensions.kind == .object else {
            throw Refusal(.invalidEvent, "META is not a JSON object. Nothing was written. Send one flat object.")
        }
        for (name, value) in extensions.members {
            guard !CloudEvent.isMember(name) else {
                throw Refusal(
                    .invalidEvent,
                    "META has '\(name)', which is no extension of CloudEvents. Nothing was written. "
                        + "Say it with an argument of the command, or leave it out.")
            }
            line.append(UInt8(ascii: ","))
            CanonicalText.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            value.appendCanonical(to: &line)
        }
    }

    private static func randomID() -> String {
        String(UInt64.random(in: 0 ... .max), radix: 36) + "-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }
}
