import CanonicalJSON

extension CheckTable {
    /// CHANGES: each names one field; old and new are of that field's kind, or null for none.
    func checkChanges(_ list: borrowing JSONCursor, _ index: Int, _ findings: inout Findings) {
        guard list.kind == .array else { return findings.refuse(list, kinds[index].allowed) }
        let object = values[index].kind == .changes ? Int(values[index].operand) : nil
        var walk = list.inside
        while let change = walk.next() {
            guard change.kind == .object else {
                findings.refuse(change, "{field, old, new}")
                continue
            }
            checkChange(change, of: object, &findings)
        }
    }

    /// - Parameter object: the fields that may change; `nil` where another type has them.
    private func checkChange(_ change: borrowing JSONCursor, of object: Int?, _ findings: inout Findings) {
        guard let name = change["field"] else {
            return findings.refuse(
                "is missing, required is the name of the field that changed", missing: "field", in: change.place)
        }
        let field = object.flatMap { place(of: name, inRow: objects[$0].row) }
        let isPersonal = self.isPersonal(name, field, of: object, findings.isNaturalPerson)
        if isPersonal && !findings.takesPersonal {
            findings.refuse("names \(name.text ?? ""), which \(Findings.personalRefusal)", at: name.place)
        } else if !isPersonal {
            checkChanged(name, field, of: object, &findings)
        }
        var walk = change.inside
        while let name = walk.next(), let value = walk.next() {
            if name.hasText("old") || name.hasText("new") {
                if let object, let field, !value.isNull {
                    check(value, Int(objects[object].firstValue) + field, &findings)
                }
                if isPersonal && findings.takesPersonal { findings.personal.append(value.place) }
            } else if !name.hasText("field") {
                Self.refuseUnknown(name, value, in: change, ["field", "old", "new"], &findings)
            }
        }
    }

    /// Where the type is not known, a name that is personal anywhere is personal: better one too many than one too few.
    private func isPersonal(
        _ name: borrowing JSONCursor, _ field: Int?, of object: Int?, _ isNaturalPerson: Bool
    ) -> Bool {
        if let object, let field {
            let shape = objects[object]
            let personal = isNaturalPerson ? shape.personal | shape.personalIfNatural : shape.personal
            return personal & 1 << UInt64(field) != 0
        }
        if object != nil { return name.hasText(Field.note.name) }
        return symbol(of: name).map { alwaysPersonal[$0] } ?? false
    }

    private func checkChanged(
        _ name: borrowing JSONCursor, _ field: Int?, of object: Int?, _ findings: inout Findings
    ) {
        if let object {
            guard field == nil else { return }
            let names = fields[object].filter { findings.takesPersonal || $0.personal != .always }.map(\.name)
            findings.refuse(name, FieldKind.enumeration(names).allowed)
        } else if name.withText({ Surrogate.isCode($0) }) != true {
            findings.refuse(name, FieldKind.code.allowed)
        }
    }
}
