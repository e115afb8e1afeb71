internal import CRMEvents
internal import CanonicalJSON
internal import CloudEvents
internal import EventLog
internal import EventModel
internal import WireProtocol

/// The door of the log: parses, canonicalises and validates what arrives, before the writer sees it.
///
/// There is one way in: an event of `LOG.APPEND` is written as the CloudEvent that it means, and read by
/// the same rules as one of `LOG.INGEST`.
struct Intake: Sendable {
    /// The atomic append that a CloudEvents line asks for.
    func request(line: [UInt8]) throws(Refusal) -> AppendRequest {
        let (stream, expecting, event) = try proposal(parsed(line, "the event"))
        return AppendRequest([StreamAppend([event], to: stream, expecting: expecting)])
    }

    /// The atomic append that a command asks for.
    func request(drafts: [StreamDraft]) throws(Refusal) -> AppendRequest {
        var appends: [StreamAppend] = []
        for draft in drafts {
            var events: [ProposedEvent] = []
            for event in draft.events {
                let line = try cloudEvent(event, in: draft.stream).canonicalBytes
                events.append(try proposal(parsed(line, "the event")).event)
            }
            appends.append(StreamAppend(events, to: draft.stream, expecting: draft.expecting))
        }
        return AppendRequest(appends)
    }

    private func proposal(
        _ document: JSONDocument
    ) throws(Refusal) -> (stream: StreamName, expecting: ExpectedRevision, event: ProposedEvent) {
        let incoming: IncomingEvent
        do throws(CloudEventError) {
            incoming = try CloudEvent.read(document.root)
        } catch {
            throw Refusal(error)
        }
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
        let event = ProposedEvent(incoming.content, time: incoming.time, terms: terms)
        return (incoming.stream, incoming.expecting, event)
    }

    /// The CloudEvent that an event of `LOG.APPEND` means. Without an id it gets a random one, and with
    /// that no protection against a second copy when the client retries.
    private func cloudEvent(_ draft: EventDraft, in stream: StreamName) throws(Refusal) -> JSON {
        var members: [String: JSON] = [:]
        if let meta = draft.meta {
            guard case .object(let extensions) = JSON(try parsed(meta, "META").root) else {
                throw Refusal(.invalidEvent, "META is not a JSON object. Nothing was written. Send one flat object.")
            }
            members = extensions
        }
        members["specversion"] = "1.0"
        members["id"] = .text(draft.id ?? Self.randomID())
        members["source"] = .text(draft.source)
        members["type"] = .text(draft.type)
        members["subject"] = .text(stream.text)
        members["dataschema"] = .text("urn:rapport:\(draft.type):\(draft.schema)")
        members["data"] = JSON(try parsed(draft.data, "the event's data").root)
        if let time = draft.time { members["time"] = .text(time.description) }
        for (name, text) in [
            ("actor", draft.actor), ("correlation", draft.correlation), ("causation", draft.causation),
            ("reason", draft.reason),
        ] where !text.isEmpty {
            members[name] = .text(text)
        }
        return .object(members)
    }

    private func parsed(_ bytes: [UInt8], _ what: String) throws(Refusal) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes)
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
