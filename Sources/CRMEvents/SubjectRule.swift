/// Under whose key, and for which purpose, the personal fields of a type are sealed (CATALOG.md section 3).
public struct SubjectRule: Hashable, Sendable {
    /// Whom to look for, in this order. Where nobody is found, the stream itself is the subject.
    public let subjects: [DataSubject]
    /// Whose retention rule holds; `nil` where another event decides.
    public let purpose: Purpose?
    /// What the catalog writes in its column before the purpose.
    public let words: String

    init(_ words: String, _ subjects: DataSubject..., for purpose: Purpose?) {
        self.words = words
        self.subjects = subjects
        self.purpose = purpose
    }

    /// A rule of one field that names the subject.
    static func named(_ field: String, for purpose: Purpose) -> SubjectRule {
        SubjectRule(field, .field(field), for: purpose)
    }

    /// A rule for a party's own stream.
    static func stream(for purpose: Purpose) -> SubjectRule { SubjectRule("stream", .stream, for: purpose) }

    /// A rule for a stream that belongs to the party named in its first event.
    static func anchor(for purpose: Purpose) -> SubjectRule { SubjectRule("anchor", .anchor, for: purpose) }
}

/// Where the data subject of an event is named.
public enum DataSubject: Hashable, Sendable {
    /// In this field: a party or a user.
    case field(String)
    /// In `<stem>_type` and `<stem>_id`.
    case pair(String)
    /// By the party to which the stream of `<stem>_type` and `<stem>_id` is anchored.
    case partyOf(String)
    /// By the stream, which is the party's own.
    case stream
    /// By the first entry of `party_ids`.
    case firstParty
    /// By the anchor of the stream's first event.
    case anchor
    /// Nowhere: the stream has a key of its own.
    case itself
    /// By the rule of the event that is corrected.
    case correctedEvent
}

/// What personal data is kept for. Each purpose has a key and a retention rule of its own.
public enum Purpose: String, Hashable, Sendable, CaseIterable {
    /// Who the person is.
    case identity
    case sales, marketing, service, contract
    /// Statutory retention.
    case finance
    case staff
}

extension EventTypeDefinition {
    /// The subject rule in force: the catalog's own, else a note goes under the anchor with the purpose of its section.
    public var sealing: SubjectRule { subject ?? .anchor(for: group.section.purpose) }

    /// Dotted paths of what may be personal, each with its mark. The members of an object are listed one by one.
    public var personalPaths: [(path: String, mark: PersonalMark)] {
        var paths: [(path: String, mark: PersonalMark)] = []
        for field in allFields {
            switch field.kind {
            case .object(let members):
                guard let mark = field.personal else { continue }
                paths += members.map { ("\(field.name).\($0.name)", mark) }
            case .changes(let fields):
                paths += fields.compactMap { field in field.personal.map { ("changes.\(field.name)", $0) } }
            default: if let mark = field.personal { paths.append((field.name, mark)) }
            }
        }
        return paths
    }
}
