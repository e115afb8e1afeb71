extension Field {
    /// The kind of a field of this name whose sign was read: the name says more than the sign.
    ///
    /// CATALOG.md section 2: a field called `reason` or ending in `_code` holds a code, addresses stand without their
    /// query, and what names a party has a party's name. References have one kind only.
    ///
    /// - Returns: `nil` if the sign contradicts the name.
    static func kind(ofSign sign: FieldKind, named name: String) -> FieldKind? {
        let own = ownName(of: name)
        // The name of a reference in another namespace is no reference.
        if own == name, let reference = CustomReferences.kind(ofFieldNamed: name) {
            return reference.sign == sign.sign ? reference : nil
        }
        guard sign == .text else { return sign }
        if own == "reason" || own.hasSuffix("_code") || own.hasSuffix("_type") { return .code }
        if own == "url" || own.hasSuffix("_url") { return .url }
        if own == "currency" { return .currency }
        if own.hasSuffix("_sha256") { return .sha256 }
        return .text
    }

    /// The signs that a field of this name may have, for the error that refuses another.
    static func signs(named name: String) -> String { CustomReferences.kind(ofFieldNamed: name)?.sign ?? "any" }

    /// The name without the namespace of its tenant.
    static func ownName(of name: String) -> String {
        guard let tenant = CustomName.tenant(ofField: name) else { return name }
        return String(name.dropFirst(CustomName.category(of: tenant).count + 1))
    }

    /// Whether a field, or a field within it, is named as prose is, and prose is personal (CATALOG.md section 2).
    static func holdsProse(_ kind: FieldKind, named name: String) -> Bool {
        switch kind {
        case .text: proseNames.contains(name)
        case .list(let element): holdsProse(element, named: name)
        case .object(let fields): fields.contains { holdsProse($0.kind, named: $0.name) }
        default: false
        }
    }

    private static let proseNames: Set = ["comment", "message", "text", "subject", "note"]
}
