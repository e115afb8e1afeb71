import CanonicalJSON
import EventModel

extension Envelope {
    /// The members that producer and recorded event share.
    func content(in event: borrowing JSONCursor) throws(CloudEventError) -> EventContent {
        try checkVersionAndContentType(in: event)
        let type = try text(.type, in: event)
        return EventContent(
            type: type,
            schema: try schema(of: type, in: event),
            key: EventKey(source: try text(.source, in: event), id: try name(.id, in: event)),
            actor: try text(.actor, in: event, orWhenAbsent: ""),
            correlation: try text(.correlation, in: event, orWhenAbsent: ""),
            causation: try text(.causation, in: event, orWhenAbsent: ""),
            reason: try reasonCode(in: event),
            meta: try meta(in: event),
            data: try canonicalData(in: event))
    }

    /// The stream that `subject` names.
    func stream(in event: borrowing JSONCursor) throws(CloudEventError) -> StreamName {
        let node = event.value(at: place(.subject))
        guard has(.subject), let text = node.text, let stream = try? StreamName(text) else {
            throw CloudEventError(
                "subject", found: has(.subject) ? node.found : "absent",
                allowed: "a stream name <category>-<id> of 1 to \(Limits.nameByteCountMax) bytes of "
                    + "A-Z a-z 0-9 _ . ~ : -")
        }
        return stream
    }

    /// A date-time member; `nil` when absent.
    func timestamp(_ member: Member, in event: borrowing JSONCursor) throws(CloudEventError) -> Timestamp? {
        guard has(member) else { return nil }
        let node = event.value(at: place(member))
        if let plain = node.withText({ Timestamp(milliseconds: $0) }), let plain { return plain }
        guard let text = node.text, let timestamp = Timestamp(text) else {
            throw CloudEventError(
                member.name, found: node.found, allowed: "an RFC 3339 date-time such as 2026-01-05T09:30:00.000Z")
        }
        return timestamp
    }

    /// What the extension `expect` says: a word, or a revision as a number or in digits.
    func expectedRevision(in event: borrowing JSONCursor) throws(CloudEventError) -> ExpectedRevision {
        guard has(.expect) else { return .any }
        let node = event.value(at: place(.expect))
        if let integer = node.integer, integer >= 0 { return .exactly(Revision(UInt64(integer))) }
        guard let word = node.text, let expected = ExpectedRevision(word) else {
            throw CloudEventError("expect", found: node.found, allowed: "any, none, exists or a revision from 0")
        }
        return expected
    }

    /// The index in an extension of our own reads.
    func index(_ member: Member, in event: borrowing JSONCursor) throws(CloudEventError) -> UInt64 {
        let node = event.value(at: place(member))
        guard has(member), let integer = node.integer, integer >= 0 else {
            throw CloudEventError(
                member.name, found: has(member) ? node.found : "absent", allowed: "an integer from 0")
        }
        return UInt64(integer)
    }

    private func checkVersionAndContentType(in event: borrowing JSONCursor) throws(CloudEventError) {
        let version = event.value(at: place(.specversion))
        guard has(.specversion), version.hasText("1.0") else {
            throw CloudEventError(
                "specversion", found: has(.specversion) ? version.found : "absent", allowed: "the text 1.0")
        }
        let contentType = event.value(at: place(.datacontenttype))
        if has(.datacontenttype), !contentType.hasText("application/json") {
            throw CloudEventError(
                "datacontenttype", found: contentType.found,
                allowed: "the text application/json, or leave it out")
        }
    }

    /// A text of the envelope; absent only where a value for that is given.
    private func text(
        _ member: Member, in event: borrowing JSONCursor, orWhenAbsent fallback: String? = nil
    ) throws(CloudEventError) -> String {
        guard has(member) else {
            if let fallback { return fallback }
            throw CloudEventError(member.name, found: "absent", allowed: CloudEvent.allowedText)
        }
        let node = event.value(at: place(member))
        guard node.withText(EnvelopeText.isAllowed) ?? false, let text = node.text else {
            throw CloudEventError(member.name, found: node.found, allowed: CloudEvent.allowedText)
        }
        return text
    }

    /// A surrogate id, in the alphabet of names.
    private func name(_ member: Member, in event: borrowing JSONCursor) throws(CloudEventError) -> String {
        let text = try text(member, in: event)
        guard EnvelopeText.isName(text) else {
            throw CloudEventError(
                member.name, found: "a text of \(text.utf8.count) bytes with others than allowed",
                allowed: "a surrogate of 1 to \(Limits.nameByteCountMax) bytes of A-Z a-z 0-9 _ . ~ : -")
        }
        return text
    }

    private func reasonCode(in event: borrowing JSONCursor) throws(CloudEventError) -> String {
        guard has(.reason) else { return "" }
        let node = event.value(at: place(.reason))
        guard node.withText(EnvelopeText.isReasonCode) ?? false, let text = node.text else {
            throw CloudEventError(
                "reason", found: node.found,
                allowed: "a code of 1 to \(CloudEvent.reasonByteCountMax) bytes of a-z 0-9 _, never prose")
        }
        return text
    }

    /// The schema version that `dataschema` names after the type; 1 when absent.
    private func schema(of type: String, in event: borrowing JSONCursor) throws(CloudEventError) -> UInt32 {
        guard has(.dataschema) else { return 1 }
        let node = event.value(at: place(.dataschema))
        let type = type.utf8.span
        guard let schema = node.withText({ EnvelopeText.schema(in: $0, of: type) }), let schema else {
            throw CloudEventError(
                "dataschema", found: node.found,
                allowed: "urn:rapport:<type>:<n> with the event's own type and a schema version from 1")
        }
        return schema
    }

    private func canonicalData(in event: borrowing JSONCursor) throws(CloudEventError) -> [UInt8] {
        guard has(.data) else { return EventContent.emptyObject }
        return try Self.canonical(data: event.value(at: place(.data)))
    }

    /// The canonical form of an event's data, wherever it came from.
    static func canonical(data node: borrowing JSONCursor) throws(CloudEventError) -> [UInt8] {
        guard node.kind == .object else {
            throw CloudEventError("data", found: node.found, allowed: "a JSON object, or leave it out")
        }
        let bytes = node.canonicalBytes
        guard bytes.count <= Limits.eventDataByteCountMax else {
            throw CloudEventError(
                "data", found: "an object of \(bytes.count) canonical bytes",
                allowed: "at most \(Limits.eventDataByteCountMax) bytes and keep large content elsewhere")
        }
        return bytes
    }

    /// The other extensions as one flat canonical object.
    private func meta(in event: borrowing JSONCursor) throws(CloudEventError) -> [UInt8] {
        guard !extensions.isEmpty else { return EventContent.emptyObject }
        var named: [(name: String, value: JSONPlace)] = []
        for entry in extensions { named.append((event.value(at: entry.name).text ?? "", entry.value)) }
        // The names are ASCII, whose order is the same in UTF-8 and UTF-16.
        if named.count > 1 { named.sort { $0.name < $1.name } }
        var bytes: [UInt8] = []
        for (name, place) in named {
            let value = event.value(at: place)
            guard EnvelopeText.isExtensionName(name) else {
                throw CloudEventError(
                    "extension whose value stands at byte \(value.byteOffset)",
                    found: "named by \(name.utf8.count) bytes that make no extension name",
                    allowed: "extension names of 1 to \(CloudEvent.extensionNameByteCountMax) bytes of a-z 0-9")
            }
            guard value.kind == .text || value.kind == .integer || value.kind == .boolean else {
                throw CloudEventError(
                    "extension '\(name)'", found: value.found, allowed: "a text, an integer or a Boolean")
            }
            bytes.reserveCapacity(bytes.count + name.utf8.count + value.byteCount + 5)
            bytes.append(contentsOf: bytes.isEmpty ? "{\"".utf8 : ",\"".utf8)
            bytes.append(contentsOf: name.utf8)
            bytes.append(contentsOf: "\":".utf8)
            value.appendCanonical(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        guard bytes.count <= Limits.metaByteCountMax else {
            throw CloudEventError(
                "set of other extensions", found: "\(bytes.count) bytes long as canonical JSON",
                allowed: "at most \(Limits.metaByteCountMax) bytes of them")
        }
        return bytes
    }
}
