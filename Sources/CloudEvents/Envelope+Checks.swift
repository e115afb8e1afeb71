import CanonicalJSON
import EventModel

extension Envelope {
    /// Refuses a `subject` that is no stream name.
    func checkStream(in event: borrowing JSONCursor) throws(CloudEventError) {
        let node = event.value(at: place(.subject))
        guard has(.subject), node.withText(EnvelopeText.isStreamName) ?? false else {
            throw CloudEventError(
                "subject", found: has(.subject) ? node.found : "absent",
                allowed: "a stream name <category>-<id> of 1 to \(Limits.nameByteCountMax) bytes of "
                    + "A-Z a-z 0-9 _ . ~ : -")
        }
    }

    /// Refuses the first text of the envelope that is not allowed.
    func checkTexts(in event: borrowing JSONCursor) throws(CloudEventError) {
        try checkVersionAndContentType(in: event)
        try checkText(.type, isRequired: true, in: event)
        try checkText(.source, isRequired: true, in: event)
        try checkText(.id, isRequired: true, in: event)
        let id = event.value(at: place(.id))
        guard id.withText(EnvelopeText.isName) ?? false else {
            throw CloudEventError(
                "id", found: "a text of \(id.textByteCount) bytes with others than allowed",
                allowed: "a surrogate of 1 to \(Limits.nameByteCountMax) bytes of A-Z a-z 0-9 _ . ~ : -")
        }
        try checkText(.actor, isRequired: false, in: event)
        try checkText(.correlation, isRequired: false, in: event)
        try checkText(.causation, isRequired: false, in: event)
        let reason = event.value(at: place(.reason))
        guard !has(.reason) || reason.withText(EnvelopeText.isReasonCode) ?? false else {
            throw CloudEventError(
                "reason", found: reason.found,
                allowed: "a code of 1 to \(CloudEvent.reasonByteCountMax) bytes of a-z 0-9 _, never prose")
        }
    }

    /// Whether `personal` holds fields, and not the mark of a reader who may not see them or of an erasure.
    func hasOpenedFields(in event: borrowing JSONCursor) throws(CloudEventError) -> Bool {
        guard has(.personal) else { return false }
        let personal = event.value(at: place(.personal))
        guard personal.kind == .object else {
            throw CloudEventError("personal", found: personal.found, allowed: "personal fields inside 'data'")
        }
        return personal["sealed"] == nil && personal["erased"] == nil
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

    private func checkText(
        _ member: Member, isRequired: Bool, in event: borrowing JSONCursor
    ) throws(CloudEventError) {
        guard has(member) || isRequired else { return }
        let node = event.value(at: place(member))
        guard has(member), node.withText(EnvelopeText.isAllowed) ?? false else {
            throw CloudEventError(
                member.name, found: has(member) ? node.found : "absent", allowed: CloudEvent.allowedText)
        }
    }

    /// The schema version that `dataschema` names after the type; 1 when absent.
    func schema(in event: borrowing JSONCursor) throws(CloudEventError) -> UInt32 {
        guard has(.dataschema) else { return 1 }
        let node = event.value(at: place(.dataschema))
        let schema = event.value(at: place(.type)).withText { type in
            node.withText { EnvelopeText.schema(in: $0, of: type) } ?? nil
        }
        guard let schema, let schema else {
            throw CloudEventError(
                "dataschema", found: node.found,
                allowed: "urn:rapport:<type>:<n> with the event's own type and a schema version from 1")
        }
        return schema
    }

    /// The other extensions as one flat canonical object.
    func meta(in event: borrowing JSONCursor) throws(CloudEventError) -> [UInt8] {
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
