import CanonicalJSON

extension Catalog {
    /// This catalog with a field defined: what is in force after the definition. This one stays as it is.
    func adding(_ definition: FieldDefinition) throws(RefusedDefinition) -> Catalog {
        let type = try extending(definition)
        let names = definition.field.personal == nil ? personalNames : personalNames.union([definition.field.name])
        var custom = (custom ?? .none).with(type, personalNames: type.hasAnyChanges ? names : [])
        if names != personalNames {
            // Corrections name fields of any type, so they must know what is personal in all of them.
            for other in types where other.hasAnyChanges && other.name != type.name {
                custom = custom.with(other, personalNames: names)
            }
        }
        return Catalog(standard: self, custom: custom, personalNames: names)
    }

    /// The type that a definition speaks of, as it is after the definition.
    func extending(_ definition: FieldDefinition) throws(RefusedDefinition) -> EventTypeDefinition {
        if let type = self[definition.entity] { return try type.extended(by: definition) }
        guard let tenant = CustomName.tenant(ofType: definition.entity) else {
            throw RefusedDefinition(
                "entity", "is no type of the catalog, allowed is one of its types or x_<tenant>.<name>")
        }
        guard (custom ?? .none).catalogs.count < CustomTypes.countMax else {
            throw RefusedDefinition("entity", "is one type too many, allowed are \(CustomTypes.countMax)")
        }
        return try EventTypeDefinition.custom(definition.entity, of: tenant).extended(by: definition)
    }

    /// Checks what only the whole catalog knows about an event whose own fields are well.
    func checkMeaning(of type: EventTypeDefinition, _ data: borrowing JSONCursor) throws(InvalidEvent) {
        if type.rules.contains(.fieldDefinition) {
            do throws(RefusedDefinition) {
                _ = try extending(FieldDefinition(data))
            } catch {
                throw .problems(type: type.name, [error.problem], count: 1)
            }
        } else if data["kind"]?.hasText("retention") == true {
            try checkRetention(of: type, data)
        }
    }

    /// A retention rule for a type that nobody records would keep for ever what it was to delete.
    private func checkRetention(of type: EventTypeDefinition, _ data: borrowing JSONCursor) throws(InvalidEvent) {
        guard let body = data["body"], let types = body["types"] else { return }
        var problems: [FieldProblem] = []
        var index = 0
        var walk = types.inside
        while let name = walk.next() {
            if name.text.flatMap({ self[$0] }) == nil {
                let problem = "is no type of the catalog, allowed are its types"
                problems.append(FieldProblem(path: "body.types[\(index)]", problem: problem))
            }
            index += 1
        }
        guard problems.isEmpty else {
            throw .problems(
                type: type.name, Array(problems.prefix(InvalidEvent.problemCountMax)), count: problems.count)
        }
    }
}

extension EventTypeDefinition {
    /// Whether its CHANGES may name fields of any type.
    var hasAnyChanges: Bool { fields.contains { $0.kind == .anyChanges } }
}
