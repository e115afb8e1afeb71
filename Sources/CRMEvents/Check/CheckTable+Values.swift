import CanonicalJSON
import EventModel

extension CheckTable {
    /// Checks one value against its kind.
    func check(_ value: borrowing JSONCursor, _ index: Int, _ findings: inout Findings) {
        let shape = values[index]
        switch shape.kind {
        case .list:
            guard value.kind == .array else { return findings.refuse(value, kinds[index].allowed) }
            var walk = value.inside
            while let element = walk.next() { check(element, Int(shape.operand), &findings) }
        case .object:
            guard value.kind == .object else { return findings.refuse(value, "an object") }
            checkObject(value, Int(shape.operand), &findings)
        case .map: checkMap(value, index, &findings)
        case .changes, .anyChanges: checkChanges(value, index, &findings)
        case .enumeration:
            if place(of: value, inRow: shape.operand) == nil { findings.refuse(value, kinds[index].allowed) }
        default: if !Self.accepts(value, shape.kind) { refuse(value, index, &findings) }
        }
    }

    private func refuse(_ value: borrowing JSONCursor, _ index: Int, _ findings: inout Findings) {
        let kind = kinds[index]
        let isIdentity = kind == .id || kind == .party || kind == .event
        if isIdentity, let text = value.text, looksPersonal(text) {
            findings.refuse(
                "looks like an e-mail address or a telephone number, allowed is \(kind.allowed)", at: value.place)
        } else {
            findings.refuse(value, kind.allowed)
        }
    }

    /// Whether a value without parts of its own is of its kind.
    private static func accepts(_ value: borrowing JSONCursor, _ kind: ValueShape.Kind) -> Bool {
        switch kind {
        case .boolean: value.boolean != nil
        case .integer, .basisPoints, .money: value.kind == .integer
        case .seconds: value.integer.map { $0 >= 0 } ?? false
        case .instant: value.integer.map(instants.contains) ?? false
        case .anyObject: value.kind == .object
        case .text: value.kind == .text
        case .id: value.withText { Surrogate.isID($0) } ?? false
        case .party: value.withText { Surrogate.isParty($0) } ?? false
        case .event: value.withText { Surrogate.isEventReference($0) } ?? false
        case .code: value.withText { Surrogate.isCode($0) } ?? false
        case .sha256: value.withText { Surrogate.isSHA256($0) } ?? false
        case .url: value.withText { !hasQuery($0) } ?? false
        case .currency: value.withText { $0.count == 3 && Surrogate.capitals.containsAll(of: $0) } ?? false
        case .civilDay: value.withText { Surrogate.isCivilDay($0) } ?? false
        case .enumeration, .list, .object, .map, .changes, .anyChanges:
            preconditionFailure("what has parts is checked part by part")
        }
    }

    /// The years 0000 to 9999, which RFC 3339 can print.
    static var instants: ClosedRange<Int64> { -62_167_219_200_000...253_402_300_799_999 }

    private static func hasQuery(_ url: Span<UInt8>) -> Bool {
        for index in url.indices where url[index] == UInt8(ascii: "?") { return true }
        return false
    }

    /// Names of a map are data too, and public: only codes may stand there.
    private func checkMap(_ map: borrowing JSONCursor, _ index: Int, _ findings: inout Findings) {
        guard map.kind == .object else { return findings.refuse(map, "an object") }
        var walk = map.inside
        while let name = walk.next(), let value = walk.next() {
            if name.withText({ Surrogate.isCode($0) }) != true {
                findings.refuse("is under a name that is no code of a-z 0-9 _", at: map.place)
            }
            check(value, Int(values[index].operand), &findings)
        }
    }
}
