import CanonicalJSON
import EventModel

extension Envelope {
    /// The members that producer and recorded event share.
    func content() throws(CloudEventError) -> EventContent {
        try checkVersionAndContentType()
        let type = try text("type", self.type)
        return EventContent(
            type: type,
            schema: try schema(of: type),
            key: EventKey(source: try text("source", source), id: try name("id", id)),
            actor: try text("actor", actor, orWhenAbsent: ""),
            correlation: try text("correlation", correlation, orWhenAbsent: ""),
            causation: try text("causation", causation, orWhenAbsent: ""),
            reason: try reasonCode(),
            meta: try meta(),
            data: try canonicalData())
    }

    /// The stream that `subject` names.
    func stream() throws(CloudEventError) -> StreamName {
        let allowed =
            "a stream name <category>-<id> of 1 to \(Limits.nameByteCountMax) bytes of A-Z a-z 0-9 _ . ~ : -"
        guard let subject else { throw CloudEventError("subject", found: "absent", allowed: allowed) }
        guard let text = subject.text, let stream = try? StreamName(text) else {
            throw CloudEventError("subject", found: subject.found, allowed: allowed)
        }
        return stream
    }

    /// A date-time member; `nil` when absent.
    func timestamp(_ member: String, _ node: JSONNode?) throws(CloudEventError) -> Timestamp? {
        guard let node else { return nil }
        guard let text = node.text, let timestamp = Timestamp(text) else {
            throw CloudEventError(
                member, found: node.found, allowed: "an RFC 3339 date-time such as 2026-01-05T09:30:00.000Z")
        }
        return timestamp
    }

    /// What the extension `expect` says: a word, or a revision as a number or in digits.
    func expectedRevision() throws(CloudEventError) -> ExpectedRevision {
        guard let expect else { return .any }
        if let integer = expect.integer, integer >= 0 { return .exactly(Revision(UInt64(integer))) }
        guard let word = expect.text, let expected = ExpectedRevision(word) else {
            throw CloudEventError("expect", found: expect.found, allowed: "any, none, exists or a revision from 0")
        }
        return expected
    }

    /// The index in an extension of our own reads.
    func index(_ member: String, _ node: JSONNode?) throws(CloudEventError) -> UInt64 {
        guard let integer = node?.integer, integer >= 0 else {
            throw CloudEventError(member, found: node?.found ?? "absent", allowed: "an integer from 0")
        }
        return UInt64(integer)
    }

    private func checkVersionAndContentType() throws(CloudEventError) {
        guard let specversion, specversion.hasText("1.0") else {
            throw CloudEventError("specversion", found: specversion?.found ?? "absent", allowed: "the text 1.0")
        }
        if let datacontenttype, !datacontenttype.hasText("application/json") {
            throw CloudEventError(
                "datacontenttype", found: datacontenttype.found, allowed: "the text application/json, or leave it out")
        }
    }

    /// A text of the envelope; absent only where a value for that is given.
    private func text(
        _ member: String, _ node: JSONNode?, orWhenAbsent fallback: String? = nil
    ) throws(CloudEventError) -> String {
        guard let node else {
            if let fallback { return fallback }
            throw CloudEventError(member, found: "absent", allowed: CloudEvent.allowedText)
        }
        guard let text = node.text, (1...Limits.nameByteCountMax).contains(text.utf8.count),
            !text.hasControlCharacter
        else { throw CloudEventError(member, found: node.found, allowed: CloudEvent.allowedText) }
        return text
    }

    /// A surrogate id, in the alphabet of names.
    private func name(_ member: String, _ node: JSONNode?) throws(CloudEventError) -> String {
        let text = try text(member, node)
        do throws(InvalidName) {
            try InvalidName.check(text, is: member)
        } catch {
            throw CloudEventError(
                member, found: "a text of \(text.utf8.count) bytes with others than allowed",
                allowed: "a surrogate of 1 to \(Limits.nameByteCountMax) bytes of A-Z a-z 0-9 _ . ~ : -")
        }
        return text
    }

    private func reasonCode() throws(CloudEventError) -> String {
        guard let reason else { return "" }
        guard let text = reason.text, (1...CloudEvent.reasonByteCountMax).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isLowerCaseAlphanumeric || $0 == UInt8(ascii: "_") })
        else {
            throw CloudEventError(
                "reason", found: reason.found,
                allowed: "a code of 1 to \(CloudEvent.reasonByteCountMax) bytes of a-z 0-9 _, never prose")
        }
        return text
    }

    /// The schema version that `dataschema` names after the type; 1 when absent.
    private func schema(of type: String) throws(CloudEventError) -> UInt32 {
        guard let dataschema else { return 1 }
        guard let text = dataschema.text, let schema = CloudEvent.schema(in: text, of: type) else {
            throw CloudEventError(
                "dataschema", found: dataschema.found,
                allowed: "urn:rapport:<type>:<n> with the event's own type and a schema version from 1")
        }
        return schema
    }

    private func canonicalData() throws(CloudEventError) -> [UInt8] {
        guard let data else { return EventContent.emptyObject }
        guard data.kind == .object else {
            throw CloudEventError("data", found: data.found, allowed: "a JSON object, or leave it out")
        }
        let bytes = data.canonicalBytes
        guard bytes.count <= Limits.eventDataByteCountMax else {
            throw CloudEventError(
                "data", found: "an object of \(bytes.count) canonical bytes",
                allowed: "at most \(Limits.eventDataByteCountMax) bytes and keep large content elsewhere")
        }
        return bytes
    }

    /// The other extensions as one flat canonical object.
    private func meta() throws(CloudEventError) -> [UInt8] {
        guard !extensions.isEmpty else { return EventContent.emptyObject }
        var bytes: [UInt8] = []
        // The names are ASCII, whose order is the same in UTF-8 and UTF-16.
        for (name, value) in extensions.sorted(by: { $0.name < $1.name }) {
            guard (1...CloudEvent.extensionNameByteCountMax).contains(name.utf8.count),
                name.utf8.allSatisfy(\.isLowerCaseAlphanumeric)
            else {
                throw CloudEventError(
                    "extension whose value stands at byte \(value.byteOffset)",
                    found: "named by \(name.utf8.count) bytes that make no extension name",
                    allowed: "extension names of 1 to \(CloudEvent.extensionNameByteCountMax) bytes of a-z 0-9")
            }
            guard value.kind == .text || value.kind == .integer || value.kind == .boolean else {
                throw CloudEventError(
                    "extension '\(name)'", found: value.found, allowed: "a text, an integer or a Boolean")
            }
            bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
            JSON.text(name).appendCanonical(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
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

extension UInt8 {
    fileprivate var isLowerCaseAlphanumeric: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}

extension String {
    /// Whether it holds U+0000–U+001F or U+007F–U+009F, which CloudEvents forbids in every text.
    fileprivate var hasControlCharacter: Bool {
        let bytes = utf8.span
        var previous: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            // U+0080–U+009F are 0xC2 and one byte below 0xA0.
            if byte < 0x20 || byte == 0x7F || previous == 0xC2 && byte < 0xA0 { return true }
            previous = byte
        }
        return false
    }
}

extension CloudEvent {
    /// The `n` of `urn:rapport:<type>:<n>`: decimal digits without leading zeros; `nil` for anything else.
    fileprivate static func schema(in text: String, of type: String) -> UInt32? {
        let (bytes, prefix, type) = (text.utf8.span, schemaPrefix.utf8.span, type.utf8.span)
        let digitsStart = prefix.count + type.count + 1
        guard bytes.count > digitsStart, bytes.count <= digitsStart + 10 else { return nil }
        for index in prefix.indices where bytes[index] != prefix[index] { return nil }
        for index in type.indices where bytes[prefix.count + index] != type[index] { return nil }
        guard bytes[digitsStart - 1] == UInt8(ascii: ":"), bytes[digitsStart] != UInt8(ascii: "0") else { return nil }
        var schema: UInt64 = 0
        for index in digitsStart..<bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            schema = schema * 10 + UInt64(digit)
        }
        return UInt32(exactly: schema)
    }
}
