public import CanonicalJSON

/// What happened to an account.
public enum AccountEvent: Sendable {
    /// A customer became known.
    case created(Created)
    /// The record was corrected or enriched.
    case updated(Updated)
    /// The customer was put into a class of a scheme.
    case classified(Classified)
    /// Somebody became responsible.
    case ownerAssigned(OwnerAssigned)
}

extension AccountEvent {
    /// `account.created`.
    public struct Created: Hashable, Sendable {
        public let accountID: String
        /// Whether the customer is a person; absent means false.
        public let naturalPerson: Bool
        /// Absent where it is personal.
        public let name: String?
        public let legalName: String?
        public let domain: String?
        public let industry: String?
        public let employeeCount: Int64?
        /// In minor units of `currency`.
        public let annualRevenue: Int64?
        /// ISO 4217.
        public let currency: String?
        public let ownerID: String?
        public let source: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            accountID = try data.text("account_id")
            naturalPerson = try data.boolean("natural_person")
            name = try data.optionalText("name")
            legalName = try data.optionalText("legal_name")
            domain = try data.optionalText("domain")
            industry = try data.optionalText("industry")
            employeeCount = try data.optionalInteger("employee_count")
            annualRevenue = try data.optionalInteger("annual_revenue")
            currency = try data.optionalText("currency")
            ownerID = try data.optionalText("owner_id")
            source = try data.optionalText("source")
        }
    }

    /// `account.updated`.
    public struct Updated: Sendable {
        /// The fields that changed, by their catalog names, with what they hold now; null for nothing.
        public let changes: [(field: String, new: JSON)]

        init(_ data: DataReader) throws(UndecodableEvent) {
            changes = try data.requiredObjects("changes") { change throws(UndecodableEvent) in
                (try change.text("field"), change.node["new"].map { JSON($0) } ?? .null)
            }
        }
    }

    /// `account.classified`.
    public struct Classified: Hashable, Sendable {
        /// For example `tier` or `lifecycle`.
        public let scheme: String
        public let value: String

        init(_ data: DataReader) throws(UndecodableEvent) {
            scheme = try data.text("scheme")
            value = try data.text("value")
        }
    }

    /// `account.owner_assigned`.
    public struct OwnerAssigned: Hashable, Sendable {
        public let ownerID: String
        public let teamID: String?

        init(_ data: DataReader) throws(UndecodableEvent) {
            ownerID = try data.text("owner_id")
            teamID = try data.optionalText("team_id")
        }
    }
}

extension AccountEvent {
    /// The party that the fields name.
    var party: PartyReference? {
        switch self {
        case .created(let event): .account(event.accountID)
        case .updated, .classified, .ownerAssigned: nil
        }
    }
}
