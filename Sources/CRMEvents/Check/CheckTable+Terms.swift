import CanonicalJSON
import EventModel

extension TermNamespace {
    /// The namespace that follows from a field's name (CATALOG.md section 4).
    ///
    /// Fields of the first kind give the word before `_id`. What is left over names a user.
    public init(ofField field: String) {
        let field = field.split(separator: ".").last.map(String.init) ?? field
        switch field {
        case "party_id", "party_ids", "candidate_ids", "surviving_id", "merged_ids", "restored_ids": self = .party
        case "owner_id", "assignee_id": self = .fixed("owner")
        case "parent_id": self = .fixed("campaign")
        case "message_id": self = .fixed("interaction")
        case "plan_id": self = .fixed("payment_plan")
        case "article_ids": self = .fixed("article")
        case "to_contact_ids", "signer_contact_id": self = .fixed("contact")
        case "account_id", "contact_id", "lead_id", "opportunity_id", "campaign_id", "product_id", "quote_id",
            "contract_id", "order_id", "invoice_id", "payment_id", "subscription_id", "ticket_id", "article_id",
            "survey_id", "member_id", "partner_id", "goal_id", "rule_id", "approval_id", "segment_id",
            "journey_id", "pool_id", "import_id", "interaction_id":
            self = .fixed(String(field.dropLast("_id".count)))
        default: self = .fixed("user")
        }
    }
}

extension CheckTable {
    /// Finds the fields of a type and checks nothing: for data that is recorded already.
    func places(of type: Int, in data: borrowing JSONCursor) -> FieldPlaces {
        var places = FieldPlaces()
        guard data.kind == .object else { return places }
        let row = objects[Int(types[type].object)].row
        var walk = data.inside
        while let name = walk.next(), let value = walk.next() {
            if let field = place(of: name, inRow: row) { places[field] = value.place }
        }
        return places
    }

    /// Fills the list with the terms of one event: in the order of the definition, each once, without the
    /// stream's own entity.
    ///
    /// Total: what is missing or not text gives no term.
    func collect(
        _ terms: inout TermList, of type: Int, in stream: Span<UInt8>, _ places: borrowing FieldPlaces,
        _ data: borrowing JSONCursor
    ) {
        terms.removeAll()
        let texts = texts
        for index in types[type].terms {
            let term = self.terms[Int(index)]
            guard places[term.field] != .root else { continue }
            let value = data.value(at: places[term.field])
            switch term.namespace {
            case .fixed:
                let word = texts.span.extracting(Int(term.text.lowerBound)..<Int(term.text.upperBound))
                addEach(value, term.member, word, stream, &terms)
            case .party: Self.addParties(value, stream, &terms)
            case .named:
                guard places[term.type] != .root else { continue }
                _ = data.value(at: places[term.type]).withText { Self.add(value, $0, stream, &terms) }
            }
        }
    }

    /// Adds an id, those of a list, or those that the objects of a list hold as a member.
    private func addEach(
        _ value: borrowing JSONCursor, _ member: Int32, _ namespace: Span<UInt8>, _ stream: Span<UInt8>,
        _ terms: inout TermList
    ) {
        guard value.kind == .array else { return Self.add(value, namespace, stream, &terms) }
        var walk = value.inside
        while let element = walk.next() {
            guard member >= 0 else {
                Self.add(element, namespace, stream, &terms)
                continue
            }
            guard element.kind == .object else { continue }
            var members = element.inside
            while let name = members.next(), let id = members.next() {
                if symbol(of: name) == Int(member) { Self.add(id, namespace, stream, &terms) }
            }
        }
    }

    private static func add(
        _ id: borrowing JSONCursor, _ namespace: Span<UInt8>, _ stream: Span<UInt8>, _ terms: inout TermList
    ) {
        _ = id.withText { id in
            if !isOwn(namespace, id, stream) { terms.insert(namespace, id) }
        }
    }

    /// A party brings its own namespace, which ends at the first hyphen.
    private static func addParties(_ value: borrowing JSONCursor, _ stream: Span<UInt8>, _ terms: inout TermList) {
        if value.kind == .array {
            var walk = value.inside
            while let party = walk.next() { addParty(party, stream, &terms) }
        } else {
            addParty(value, stream, &terms)
        }
    }

    private static func addParty(_ party: borrowing JSONCursor, _ stream: Span<UInt8>, _ terms: inout TermList) {
        _ = party.withText { party in
            guard let hyphen = Surrogate.firstHyphen(in: party), !party.isEqual(to: stream) else { return }
            terms.insert(party.extracting(..<hyphen), party.extracting((hyphen + 1)...))
        }
    }

    /// Whether a term would be the stream's own entity: its name with the first hyphen as a colon.
    private static func isOwn(_ namespace: Span<UInt8>, _ id: Span<UInt8>, _ stream: Span<UInt8>) -> Bool {
        guard stream.count == namespace.count + 1 + id.count, stream[namespace.count] == UInt8(ascii: "-") else {
            return false
        }
        return stream.extracting(..<namespace.count).isEqual(to: namespace)
            && stream.extracting((namespace.count + 1)...).isEqual(to: id)
    }
}
