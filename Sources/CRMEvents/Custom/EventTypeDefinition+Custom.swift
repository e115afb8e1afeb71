extension EventTypeDefinition {
    /// The schema of every type that a company defines: its fields have positions instead.
    static let customSchema: UInt32 = 1

    /// A company's own type before its first field.
    static func custom(_ name: String, of tenant: String) -> EventTypeDefinition {
        EventTypeDefinition(
            name, "A type of this company's own.", in: .custom, schema: customSchema,
            stream: .namespace(CustomName.category(of: tenant)), fields: [], subject: .ofStreamItself)
    }

    /// The type with a field added, or with a company's field changed as far as its recorded values keep their meaning.
    func extended(by definition: FieldDefinition) throws(RefusedDefinition) -> EventTypeDefinition {
        if group == .system || rules.contains(where: \.needsCatalog) {
            throw RefusedDefinition("entity", "is a type that the server itself reads, allowed is any other")
        }
        let type = with(try merged(definition), sealing: try sealing(of: definition))
        let room = ObjectShape.fieldCountMax
        guard type.allFields.count <= room, type.changeable.count <= room else {
            throw RefusedDefinition("field", "is one too many, allowed are \(room) fields with the note")
        }
        guard type.fields.reduce(0, { $0 + $1.kind.partCount }) <= Self.partCountMax else {
            throw RefusedDefinition(
                "type", "brings too many inner fields and words, allowed are \(Self.partCountMax) in a type")
        }
        return type
    }

    /// Inner fields, words and levels of all fields of a type at most. A table of checks has one byte for each two of
    /// them, so a type takes 256 KiB at most.
    static let partCountMax = 512

    /// The fields that CHANGES may name; none where the type has no CHANGES of known fields.
    private var changeable: [Field] {
        for case .changes(let fields) in fields.map(\.kind) { return fields }
        return []
    }

    /// The fields with the defined one. Where the type has CHANGES, it is one of those that may change.
    private func merged(_ definition: FieldDefinition) throws(RefusedDefinition) -> [Field] {
        let isCustom = CustomName.isType(name)
        if !isCustom, !changeable.isEmpty {
            var field = definition.field
            field = Field(
                name: field.name, kind: field.kind, isRequired: false, personal: field.personal, unit: field.unit,
                isDeprecated: field.isDeprecated)
            let changed = FieldKind.changes(of: try Self.merge(field, into: changeable))
            return fields.map { field in
                guard case .changes = field.kind else { return field }
                return Field(name: field.name, kind: changed, isRequired: field.isRequired, personal: field.personal)
            }
        }
        return try Self.merge(definition.field, into: fields)
    }

    private static func merge(_ field: Field, into fields: [Field]) throws(RefusedDefinition) -> [Field] {
        guard let place = fields.firstIndex(where: { $0.name == field.name }) else { return fields + [field] }
        let known = fields[place]
        guard known.kind.isWidened(by: field.kind) else {
            throw RefusedDefinition(
                "type", "is not that of the earlier definition, allowed is \(known.kind.sign), or a new name")
        }
        guard known.personal == field.personal else {
            throw RefusedDefinition(
                "personal", "is not that of the earlier definition, allowed is \(known.personal != nil), or a new name")
        }
        guard known.unit == field.unit else {
            throw RefusedDefinition(
                "unit", "is not that of the earlier definition, allowed is the same, or a field of a new name")
        }
        var merged = fields
        merged[place] = field
        return merged
    }

    /// Under whose key the personal fields of the type are sealed when the definition counts too.
    private func sealing(of definition: FieldDefinition) throws(RefusedDefinition) -> SubjectRule? {
        guard definition.field.personal != nil else { return subject }
        guard CustomName.isType(name) else {
            // One slot for each type: what a company adds is sealed with the type's own personal fields.
            if let field = definition.subjectField, sealing.subjects != [.field(field)] {
                throw RefusedDefinition(
                    "subject_field", "is not whose key this type uses, allowed is none: it is \(sealing.words)")
            }
            return subject
        }
        let rule = definition.subjectField.map { SubjectRule.named($0, for: .identity) } ?? .ofStreamItself
        if fields.contains(where: { $0.personal != nil }), rule != subject {
            throw RefusedDefinition("subject_field", "is another than before, allowed is one subject for each type")
        }
        if let field = definition.subjectField {
            let isDefined = fields.contains { $0.name == field && $0.personal == nil }
            guard isDefined, CustomReferences.isSubject(field) else {
                throw RefusedDefinition(
                    "subject_field", "is no public field of this type that names a party or a user, such as account_id")
            }
        }
        return rule
    }

    private func with(_ fields: [Field], sealing: SubjectRule?) -> EventTypeDefinition {
        EventTypeDefinition(
            name, summary, in: group, schema: schema, stream: stream, fields: fields, exactlyOneOf: exactlyOneOf,
            terms: CustomName.isType(name) ? CustomReferences.terms(of: fields) : terms, subject: sealing,
            rules: rules, isOpen: isOpen, isRetired: isRetired)
    }
}

extension SubjectRule {
    /// A company's own type that names nobody: the stream has a key of its own.
    static let ofStreamItself = SubjectRule("self", .itself, for: .identity)
}

extension FieldKind {
    /// How many fields, words and levels it is made of, itself included.
    fileprivate var partCount: Int {
        switch self {
        case .enumeration(let words): 1 + words.count
        case .list(let element), .map(_, let element): 1 + element.partCount
        case .object(let fields), .changes(let fields): fields.reduce(1) { $0 + $1.kind.partCount }
        case .line: Field.line.count
        default: 1
        }
    }

    /// Whether every value of this kind is one of the other: the same kind, or an enumeration with more words.
    func isWidened(by other: FieldKind) -> Bool {
        if case .enumeration(let words) = self, case .enumeration(let more) = other {
            return Set(words).isSubset(of: more)
        }
        return self == other
    }
}
