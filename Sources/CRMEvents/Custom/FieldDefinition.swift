import CanonicalJSON

/// What one `field.defined` says: a field that a company adds to a type of the catalog or to a type of its own.
///
/// A company's own type begins with its first field. `entity` is the name of the type.
public struct FieldDefinition: Hashable, Sendable {
    /// The type that has the field.
    public let entity: String
    /// The field with its kind, marks and unit.
    public let field: Field
    /// The field that names the person under whose key a personal field is sealed; `nil` where the type decides.
    public let subjectField: String?

    /// Reads and checks what a definition says by itself. Whether it contradicts an earlier one, the catalog knows.
    init(_ data: borrowing JSONCursor) throws(RefusedDefinition) {
        let entity = data["entity"]?.text ?? ""
        let name = data["field"]?.text ?? ""
        let sign = data["type"]?.text ?? ""
        let isPersonal = data["personal"]?.boolean ?? false
        let isDeprecated = data["deprecated"]?.boolean ?? false
        guard Self.isAllowed(name, in: entity) else {
            throw RefusedDefinition(
                "field",
                CustomName.isType(entity)
                    ? "is not a name for a field of a type of one's own, allowed are letters a-z, digits and _, not x_"
                    : "is not a name for a field of a type of the catalog, allowed is x_<tenant>_<name>")
        }
        guard let written = FieldKind(sign: sign) else {
            throw RefusedDefinition(
                "type",
                "is no kind of field, allowed are id s b i bp m ts d dur e{…} [kind] {} and {name:kind!,…} "
                    + "as the catalog writes them")
        }
        guard let kind = Field.kind(ofSign: written, named: name) else {
            throw RefusedDefinition("type", "does not fit a field of that name, allowed is \(Field.signs(named: name))")
        }
        if let problem = Self.problem(withMark: isPersonal, name, kind, in: entity) {
            throw RefusedDefinition("personal", problem)
        }
        if let unit = data["unit"]?.text, unit.utf8.count > Self.unitByteCountMax || looksPersonal(unit) {
            throw RefusedDefinition("unit", "is not a unit, allowed are up to \(Self.unitByteCountMax) bytes")
        }
        var field = Field(
            name: name, kind: kind, isRequired: data["required"]?.boolean == true && !isDeprecated,
            personal: isPersonal ? .always : nil)
        field.unit = data["unit"]?.text
        field.isDeprecated = isDeprecated
        self.entity = entity
        self.field = field
        subjectField = data["subject_field"]?.text
        if subjectField != nil && !isPersonal {
            throw RefusedDefinition("subject_field", "stands beside a public field, allowed is only beside a personal")
        }
    }

    private static func isAllowed(_ name: String, in entity: String) -> Bool {
        guard CustomName.isType(entity) else { return CustomName.tenant(ofField: name) != nil }
        return CustomName.isPlain(name) && name != Field.note.name
    }

    /// What is wrong with the mark; `nil` for nothing.
    private static func problem(
        withMark isPersonal: Bool, _ name: String, _ kind: FieldKind, in entity: String
    ) -> String? {
        if isPersonal, CustomName.isType(entity), CustomReferences.kind(ofFieldNamed: name) != nil {
            return "is true for a reference, allowed is false: references are public and found again"
        }
        if !isPersonal, Field.holdsProse(kind, named: Field.ownName(of: name)) {
            return "is false for prose, allowed is true: free text is personal"
        }
        return nil
    }

    /// Bytes of a unit at most.
    static let unitByteCountMax = 32
}

/// Why a definition is refused: the field of `field.defined` that is in the way.
struct RefusedDefinition: Error, Hashable {
    let problem: FieldProblem

    init(_ path: String, _ problem: String) { self.problem = FieldProblem(path: path, problem: problem) }
}
