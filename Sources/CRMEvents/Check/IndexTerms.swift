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

    /// Fills the list with the terms of one event: in the order of the definition, each once, without the
    /// stream's own entity.
    ///
    /// Total: what is missing or not text gives no term.
    static func collect(
        into terms: inout TermList, of type: TypeShape, stream: Span<UInt8>, places: borrowing FieldPlaces,
        in data: borrowing JSONCursor
    ) {
        terms.removeAll()
        for field in type.terms where places[field.field] != .root {
            let value = data.value(at: places[field.field])
            if value.kind == .array {
                var walk = value.inside
                while let element = walk.next() { add(element, field.prefix, to: &terms, stream) }
            } else {
                add(value, field.prefix, to: &terms, stream)
            }
        }
    }

    private static func add(
        _ value: borrowing JSONCursor, _ prefix: [UInt8]?, to terms: inout TermList, _ stream: Span<UInt8>
    ) {
        _ = value.withText { text in
            // A party brings its own namespace, which ends at the first hyphen.
            let hyphen = prefix == nil ? Surrogate.firstHyphen(in: text) : nil
            guard prefix != nil || hyphen != nil, !isOwn(text, prefix, hyphen, stream) else { return }
            if let prefix {
                terms.insert(prefix.span.extracting(..<(prefix.count - 1)), text)
            } else if let hyphen {
                terms.insert(text.extracting(..<hyphen), text.extracting((hyphen + 1)...))
            }
        }
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
