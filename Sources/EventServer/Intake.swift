internal import CRMEvents
internal import CanonicalJSON
internal import CloudEvents
internal import EventLog
internal import EventModel
internal import WireProtocol

/// The door of the log: parses, canonicalises and validates what arrives, before the writer sees it.
///
/// There is one way in: the envelope of an event of `LOG.APPEND` is written as the CloudEvent that it means,
/// and read by the same rules as one of `LOG.INGEST`. Its data is parsed once, by itself.
struct Intake: Sendable {
    /// The atomic append that a CloudEvents line asks for.
    func request(line: [UInt8]) throws(Refusal) -> AppendRequest {
        let document = try parsed(line, "the event")
        let incoming: IncomingEvent
        do throws(CloudEventError) {
            incoming = try CloudEvent.read(document.root)
        } catch {
            throw Refusal(error)
        }
        let event = try proposal(incoming)
        return AppendRequest([StreamAppend([event], to: incoming.stream, expecting: incoming.expecting)])
    }

    /// The atomic append that a command asks for.
    func request(drafts: [StreamDraft]) throws(Refusal) -> AppendRequest {
        var appends: [StreamAppend] = []
        for draft in drafts {
            var events: [ProposedEvent] = []
            for event in draft.events {
                events.append(try proposal(incoming(event, in: draft.stream)))
            }
            appends.append(StreamAppend(events, to: draft.stream, expecting: draft.expecting))
        }
        return AppendRequest(appends)
    }

    /// What the catalog says about an event whose envelope is right.
    private func proposal(_ incoming: IncomingEvent) throws(Refusal) -> ProposedEvent {
        do throws(InvalidName) {
            try Catalog.checkName(incoming.stream)
            try Catalog.checkName(eventID: incoming.content.key.id)
        } catch {
            throw Refusal(error)
        }
        let terms: [String]
        do throws(InvalidEvent) {
            terms = try Catalog.standard.check(
                type: incoming.content.type, schema: incoming.content.schema, stream: incoming.stream,
                data: incoming.data ?? Self.emptyObject)
        } catch {
            throw Refusal(error)
        }
        return ProposedEvent(incoming.content, time: incoming.time, terms: terms)
    }

    /// The event that a draft means. Its data stands one level inside the event, and nests one level less.
    private func incoming(_ draft: EventDraft, in stream: StreamName) throws(Refusal) -> IncomingEvent {
        let envelope = try parsed(envelope(of: draft, in: stream), "the event")
        let data = try parsed(draft.data, "the event's data", depthMax: Limits.jsonDepthMax - 1)
        do throws(CloudEventError) {
            return try CloudEvent.read(envelope.root, data: data.root)
        } catch {
            throw Refusal(error)
        }
    }

    /// The CloudEvent that a draft means, without its data. Without an id it gets a random one, and with
    /// that no protection against a second copy when the client retries.
    private func envelope(of draft: EventDraft, in stream: StreamName) throws(Refusal) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(512)
        var names: [String] = ["data"]
        func add(_ name: String, _ text: String) {
            line.append(UInt8(ascii: line.isEmpty ? "{" : ","))
            CanonicalText.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            CanonicalText.append(text, to: &line)
            if draft.meta != nil { names.append(name) }
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
        if let meta = draft.meta { try addExtensions(meta, besides: names, to: &line) }
        line.append(UInt8(ascii: "}"))
        return line
    }

    /// Adds the members of `META` that no option of the command names as well.
    private func addExtensions(_ meta: [UInt8], besides names: [String], to line: inout [UInt8]) throws(Refusal) {
        let extensions = try parsed(meta, "META").root
        guard extensions.kind == .object else {
            throw Refusal(.invalidEvent, "META is not a JSON object. Nothing was written. Send one flat object.")
        }
        for (name, value) in extensions.members where !names.contains(name) {
            line.append(UInt8(ascii: ","))
            CanonicalText.append(name, to: &line)
            line.append(UInt8(ascii: ":"))
            value.appendCanonical(to: &line)
        }
    }

    private func parsed(
        _ bytes: [UInt8], _ what: String, depthMax: Int = Limits.jsonDepthMax
    ) throws(Refusal) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes, maximumDepth: depthMax)
        } catch {
            throw Refusal(.invalidEvent, "\(what) is not strict JSON: \(error)")
        }
    }

    private static let emptyObject: JSONNode = {
        guard let document = try? JSONDocument(parsing: EventContent.emptyObject) else {
            preconditionFailure("'{}' is strict JSON")
        }
        return document.root
    }()

    private static func randomID() -> String {
        String(UInt64.random(in: 0 ... .max), radix: 36) + "-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }
}

/// Why a request is not carried out, ready for the wire.
struct Refusal: Error {
    let reply: RESPValue

    init(_ code: ErrorCode, _ sentences: String) { reply = .error(code: code.rawValue, message: sentences) }
    init(_ error: any ExplainedError) { reply = .refusal(error) }
}
