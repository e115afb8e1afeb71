/// Whose event it is, as far as the event itself says; the ids are bare, without the category.
///
/// An account beats a lead, since a conversion hands the lead's whole history to its account
/// (READ_MODELS.md section 0, "Whose event is it").
public enum PartyReference: Hashable, Sendable {
    case account(String)
    case lead(String)

    /// Reads a party's stream name; `nil` for a contact, an anonymous party or anything else.
    public init?(party: String) {
        if let id = party.idAfter("account-") {
            self = .account(id)
        } else if let id = party.idAfter("lead-") {
            self = .lead(id)
        } else {
            return nil
        }
    }

    /// The first account among the parties, else the first lead.
    init?(firstOf parties: [String]) {
        var lead: PartyReference?
        for party in parties {
            switch PartyReference(party: party) {
            case .account(let id):
                self = .account(id)
                return
            case .lead(let id): lead = lead ?? .lead(id)
            case nil: break
            }
        }
        guard let lead else { return nil }
        self = lead
    }
}

extension String {
    /// What follows the prefix; `nil` without it or with nothing after it.
    func idAfter(_ prefix: String) -> String? {
        guard utf8.count > prefix.utf8.count, hasPrefix(prefix) else { return nil }
        return String(self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...])
    }
}
