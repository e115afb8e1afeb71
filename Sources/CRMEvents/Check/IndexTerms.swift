import CanonicalJSON
import EventModel

/// How references become index terms (CATALOG.md section 4).
enum IndexTerms {
    /// The namespace that follows from a field's name; `nil` for a party, whose value names it.
    ///
    /// Fields of the first kind give the word before `_id`. What is left over names a user.
    static func namespace(of field: String) -> String? {
        switch field {
        case "party_id", "party_ids": nil
        case "owner_id", "assignee_id": "owner"
        case "parent_id": "campaign"
        case "message_id": "interaction"
        case "account_id", "contact_id", "lead_id", "opportunity_id", "campaign_id", "product_id", "quote_id",
            "contract_id", "order_id", "invoice_id", "payment_id", "subscription_id", "ticket_id", "article_id",
            "survey_id", "member_id", "partner_id", "goal_id", "rule_id", "approval_id", "segment_id",
            "journey_id", "pool_id", "import_id", "interaction_id":
            String(field.dropLast("_id".count))
        default: "user"
        }
    }

    /// The terms of one event: in the order of the definition, each once, without the stream's own entity.
    ///
    /// Total: what is missing or not text gives no term.
    static func terms(
        of type: TypeShape, stream: StreamName, places: borrowing FieldPlaces, in data: borrowing JSONCursor
    ) -> [String] {
        var terms: [String] = []
        var bytes: [UInt8] = []
        for field in type.terms where places[field.field] != .root {
            let value = data.value(at: places[field.field])
            if value.kind == .array {
                var walk = value.inside
                while let element = walk.next() { add(element, field.prefix, to: &terms, stream, &bytes) }
            } else {
                add(value, field.prefix, to: &terms, stream, &bytes)
            }
        }
        return terms
    }

    private static func add(
        _ value: borrowing JSONCursor, _ prefix: [UInt8]?, to terms: inout [String], _ stream: StreamName,
        _ bytes: inout [UInt8]
    ) {
        let term = value.withText { text -> String? in
            // A party brings its own namespace, which ends at the first hyphen.
            let hyphen = prefix == nil ? Surrogate.firstHyphen(in: text) : nil
            guard prefix != nil || hyphen != nil, !isOwn(text, prefix, hyphen, stream.text.utf8.span) else {
                return nil
            }
            bytes.removeAll(keepingCapacity: true)
            bytes.reserveCapacity((prefix?.count ?? 0) + text.count)
            if let prefix { bytes.append(contentsOf: prefix) }
            bytes.append(addingCapacity: text.count) { output in
                for index in text.indices { output.append(index == hyphen ? UInt8(ascii: ":") : text[index]) }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        if let term, let term, !terms.contains(term) { terms.append(term) }
    }

    /// Whether a term would be the stream's own entity: its name with the first hyphen as a colon.
    private static func isOwn(_ text: Span<UInt8>, _ prefix: [UInt8]?, _ hyphen: Int?, _ stream: Span<UInt8>) -> Bool {
        guard let prefix else {
            guard let hyphen, Surrogate.firstHyphen(in: stream) == hyphen else { return false }
            return text.isEqual(to: stream)
        }
        // The prefix ends in a colon, where the stream has its first hyphen.
        guard stream.count == prefix.count + text.count, Surrogate.firstHyphen(in: stream) == prefix.count - 1 else {
            return false
        }
        return stream.extracting(..<(prefix.count - 1)).isEqual(to: prefix.span.extracting(..<(prefix.count - 1)))
            && stream.extracting(prefix.count...).isEqual(to: text)
    }
}
