import CanonicalJSON
import EventModel

extension CheckTable {
    /// Checks what no single field can be checked for. All fields are well formed by now.
    func check(_ rule: RuleShape, of type: Int, _ data: borrowing JSONCursor, _ findings: inout Findings) {
        switch rule.kind {
        case .amountsNeedCurrency: checkCurrency(rule, of: type, data, &findings)
        case .totalOfLines: checkTotal(rule, data, &findings)
        case .ruleBody: checkRuleBody(rule, data, &findings)
        case .fieldDefinition: break  // the catalog's own, once everything else is well
        case .eachHasOne, .eachHasBoth: checkEach(rule, data, &findings)
        case .ordered, .negativeOnly, .only, .sameCount: checkTwo(rule, of: type, data, &findings)
        case .orderedInside:
            guard findings.places[rule.first] != .root else { return }
            let object = data.value(at: findings.places[rule.first])
            let (first, last) = places(of: rule.members, in: object)
            if let first, let last, Self.isAfter(data.value(at: first), data.value(at: last)) {
                findings.refuse("is after the end that stands beside it", at: first)
            }
        }
    }

    private func checkCurrency(
        _ rule: RuleShape, of type: Int, _ data: borrowing JSONCursor, _ findings: inout Findings
    ) {
        guard findings.places[rule.first] == .root else { return }
        let object = Int(types[type].object)
        for (index, field) in fields[object].enumerated() where rule.amounts & 1 << UInt64(index) != 0 {
            let place = findings.places[index]
            guard place != .root else { continue }
            let amount = data.value(at: place)
            guard amount.kind != .array || amount.count > 0 else { continue }
            return findings.refuse(
                "is missing, required beside \(field.name) is \(FieldKind.currency.allowed)", missing: "currency",
                in: data.place)
        }
    }

    private func checkTotal(_ rule: RuleShape, _ data: borrowing JSONCursor, _ findings: inout Findings) {
        guard findings.places[rule.first] != .root, findings.places[rule.second] != .root else { return }
        let lines = data.value(at: findings.places[rule.first])
        let total = data.value(at: findings.places[rule.second])
        guard let sum = total.integer else { return }
        if OrderTotal.sum(of: lines) != Int128(sum) {
            findings.refuse(
                "is not the sum of the \(lines.count) lines, each net and tax rounded half up", at: total.place)
        }
    }

    /// Rules over two fields of the data.
    private func checkTwo(
        _ rule: RuleShape, of type: Int, _ data: borrowing JSONCursor, _ findings: inout Findings
    ) {
        let (first, second) = (findings.places[rule.first], findings.places[rule.second])
        guard first != .root else { return }
        let value = data.value(at: first)
        /// The other field, for the error.
        func other() -> String { fields[Int(types[type].object)][Int(rule.second)].name }
        switch rule.kind {
        case .ordered:
            guard second != .root, Self.isAfter(value, data.value(at: second)) else { return }
            findings.refuse("is after \(other())", at: first)
        case .negativeOnly:
            guard let number = value.integer, (number < 0) != (second != .root) else { return }
            findings.refuse(
                number < 0
                    ? "is negative, allowed is that only with \(other())"
                    : "is not negative, and with \(other()) it must be", at: first)
        case .only:
            if second == .root { findings.refuse("stands without \(other()), allowed is only beside it", at: first) }
        case .sameCount:
            guard second != .root, value.count != data.value(at: second).count else { return }
            findings.refuse("has \(value.count) entries, allowed are as many as \(other()) has", at: first)
        default: preconditionFailure("not a rule over two fields")
        }
    }

    private func checkEach(_ rule: RuleShape, _ data: borrowing JSONCursor, _ findings: inout Findings) {
        guard findings.places[rule.first] != .root else { return }
        var walk = data.value(at: findings.places[rule.first]).inside
        while let entry = walk.next() {
            let (first, second) = places(of: rule.members, in: entry)
            let hasSame = (first == nil) == (second == nil)
            if rule.kind == .eachHasOne ? !hasSame : hasSame { continue }
            let names = "\(name(rule.members.0)) and \(name(rule.members.1))"
            findings.refuse(
                rule.kind == .eachHasOne
                    ? "has \(first == nil ? 0 : 2) of \(names), allowed is exactly one of them"
                    : "has one of \(names), allowed are both or neither", at: entry.place)
        }
    }

    /// Where two members of an object stand.
    private func places(
        of members: (Int32, Int32), in object: borrowing JSONCursor
    ) -> (first: JSONPlace?, second: JSONPlace?) {
        var found: (first: JSONPlace?, second: JSONPlace?) = (nil, nil)
        var walk = object.inside
        while let name = walk.next(), let value = walk.next() {
            guard let symbol = symbol(of: name) else { continue }
            if symbol == Int(members.0) { found.first = value.place }
            if symbol == Int(members.1) { found.second = value.place }
        }
        return found
    }

    /// Whether one number or day comes after another. Days of `YYYY-MM-DD` sort like their bytes.
    private static func isAfter(_ first: borrowing JSONCursor, _ last: borrowing JSONCursor) -> Bool {
        if let first = first.integer, let last = last.integer { return first > last }
        return first.withText { first in
            last.withText { last in
                for index in 0..<min(first.count, last.count) where first[index] != last[index] {
                    return first[index] > last[index]
                }
                return first.count > last.count
            } ?? false
        } ?? false
    }
}
