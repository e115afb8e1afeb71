import CanonicalJSON
import EventModel

extension CheckTable {
    /// Checks fields, then what several fields say together, then the stream.
    func check(
        _ data: borrowing JSONCursor, as index: Int, in stream: Span<UInt8>, _ findings: inout Findings
    ) {
        let type = types[index]
        guard data.kind == .object else {
            return findings.refuse("is \(data.found), allowed is an object", at: findings.root)
        }
        if type.naturalPerson != Self.nowhere, let answer = data["natural_person"] {
            findings.isNaturalPerson = answer.boolean == true
        }
        checkObject(data, Int(type.object), &findings)
        checkChoice(type, index, &findings)
        // A rule reads fields that must be well formed first.
        if findings.problemCount == 0 {
            for rule in type.rules { check(rules[Int(rule)], of: index, data, &findings) }
        }
        checkStream(stream, type.stream, data, of: index, &findings)
    }

    /// Checks an object: no other members, nothing required missing.
    func checkObject(_ object: borrowing JSONCursor, _ index: Int, _ findings: inout Findings) {
        let shape = objects[index]
        let isRoot = object.place == findings.root
        let personal = findings.isNaturalPerson ? shape.personal | shape.personalIfNatural : shape.personal
        var seen: UInt64 = 0
        var walk = object.inside
        while let name = walk.next(), let value = walk.next() {
            guard let field = place(of: name, inRow: shape.row) else {
                if !(shape.isOpen && isRoot) { refuseUnknown(name, value, in: object, among: index, &findings) }
                continue
            }
            seen |= 1 << UInt64(field)
            if isRoot { findings.places[field] = value.place }
            let valueIndex = Int(shape.firstValue) &+ field
            if personal & 1 << UInt64(field) != 0 {
                checkPersonal(value, valueIndex, &findings)
            } else {
                check(value, valueIndex, &findings)
            }
        }
        if shape.required & ~seen != 0 { refuseMissing(index, personal, seen: seen, in: object.place, &findings) }
    }

    /// A personal member is refused, or checked like any other and noted for the sealing.
    private func checkPersonal(_ value: borrowing JSONCursor, _ index: Int, _ findings: inout Findings) {
        guard findings.takesPersonal else { return findings.refuse(Findings.personalRefusal, at: value.place) }
        check(value, index, &findings)
        guard values[index].kind == .object else { return findings.personal.append(value.place) }
        var walk = value.inside
        while walk.next() != nil, let member = walk.next() { findings.personal.append(member.place) }
    }

    private func refuseMissing(
        _ index: Int, _ personal: UInt64, seen: UInt64, in object: JSONPlace, _ findings: inout Findings
    ) {
        for (place, field) in fields[index].enumerated() where field.isRequired && seen & 1 << UInt64(place) == 0 {
            let isRefused = personal & 1 << UInt64(place) != 0 && !findings.takesPersonal
            let why = isRefused ? Findings.personalRefusal : "is missing, required is \(field.kind.allowed)"
            findings.refuse(why, missing: field.name, in: object)
        }
    }

    /// Refuses a member that no field is called.
    func refuseUnknown(
        _ name: borrowing JSONCursor, _ value: borrowing JSONCursor, in object: borrowing JSONCursor,
        among index: Int, _ findings: inout Findings
    ) {
        let known = fields[index].filter { findings.takesPersonal || $0.personal != .always }.map(\.name)
        Self.refuseUnknown(name, value, in: object, known, &findings)
    }

    static func refuseUnknown(
        _ name: borrowing JSONCursor, _ value: borrowing JSONCursor, in object: borrowing JSONCursor,
        _ known: [String], _ findings: inout Findings
    ) {
        let name = name.text ?? ""
        let allowed = known.joined(separator: ", ")
        if isPlainName(name) {
            findings.refuse("is not a field here, allowed are \(allowed)", at: value.place)
        } else {
            findings.refuse(
                "has a field with a name of \(name.utf8.count) bytes, allowed are \(allowed)", at: object.place)
        }
    }

    private func checkChoice(_ type: TypeShape, _ index: Int, _ findings: inout Findings) {
        guard type.choice.0 != Self.nowhere else { return }
        let isFirst = findings.places[type.choice.0] != .root
        let isSecond = findings.places[type.choice.1] != .root
        if isFirst == isSecond {
            let names = definitions[index].exactlyOneOf.joined(separator: " and ")
            findings.refuse(
                "has \(isFirst ? 2 : 0) of \(names), allowed is exactly one of them", at: findings.root)
        }
    }
}
