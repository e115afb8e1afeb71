public import CanonicalJSON

extension Catalog {
    /// The definition of a type.
    ///
    /// - Throws: ``InvalidEvent/unknownType(_:nearest:)`` for a name that the catalog does not hold.
    public func definition(of type: String) throws(InvalidEvent) -> EventTypeDefinition {
        guard let definition = self[type] else {
            throw .unknownType(type, nearest: nearestName(to: type, among: names))
        }
        return definition
    }

    /// The types of a section, in the order of the catalog.
    public func types(in section: CatalogSection) -> [EventTypeDefinition] {
        types.filter { $0.group.section == section }
    }
}

extension EventTypeDefinition {
    /// The definition as JSON, for programs that ask what may be appended.
    public var json: JSON {
        [
            "type": .text(name), "summary": .text(summary), "section": .text(group.section.title),
            "group": .text(group.rawValue), "schema": .integer(Int64(schema)), "stream": .text(stream.words),
            "open": .boolean(isOpen), "fields": .array(allFields.map(\.json)),
            "exactly_one_of": .array(exactlyOneOf.map { .text($0) }), "terms": .array(terms.map(\.json)),
            "subject": .text(sealing.words), "purpose": .from(sealing.purpose?.rawValue),
            "rules": .array(rules.map { .text($0.words) }),
        ]
    }
}

extension Field {
    /// The field as JSON.
    public var json: JSON {
        var members: JSON.Members = [
            "name": .text(name), "kind": .text(kind.sign), "allowed": .text(kind.allowed),
            "required": .boolean(isRequired), "personal": .from(personal?.words),
        ]
        if let unit { members["unit"] = .text(unit) }
        if isDeprecated { members["deprecated"] = true }
        return .object(members)
    }
}

extension PersonalMark {
    /// The mark in words.
    public var words: String {
        switch self {
        case .always: "always"
        case .ifNaturalPerson: "if the account is a natural person"
        }
    }
}

extension TermField {
    /// The reference as JSON.
    public var json: JSON {
        ["field": .text(name), "term": .text("\(namespace.words):{\(member ?? field)}"), "anchor": .boolean(isAnchor)]
    }
}

extension TermNamespace {
    /// The namespace in words: itself, or where it stands.
    public var words: String {
        switch self {
        case .fixed(let word): word
        case .party: "{party}"
        case .named(let field): "{\(field)}"
        }
    }
}
