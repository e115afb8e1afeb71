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
    static func terms(of definition: EventTypeDefinition, stream: StreamName, data: JSONNode) -> [String] {
        guard data.kind == .object else { return [] }
        var terms: [String] = []
        for field in definition.terms {
            guard let node = data[field.name] else { continue }
            if node.kind == .array {
                for element in node.elements { add(element, field, to: &terms, stream) }
            } else {
                add(node, field, to: &terms, stream)
            }
        }
        return terms
    }

    private static func add(_ node: JSONNode, _ field: TermField, to terms: inout [String], _ stream: StreamName) {
        guard let value = node.text, let term = term(of: value, in: field.namespace),
            term != ownTerm(of: stream), !terms.contains(term)
        else { return }
        terms.append(term)
    }

    private static func term(of value: String, in namespace: String?) -> String? {
        if let namespace { return "\(namespace):\(value)" }
        guard let hyphen = value.utf8.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        return "\(value[..<hyphen]):\(value[value.utf8.index(after: hyphen)...])"
    }

    private static func ownTerm(of stream: StreamName) -> String { "\(stream.category):\(stream.id)" }
}
