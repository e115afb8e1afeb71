import CanonicalJSON

extension CheckTable {
    /// The category must be the type's, and the id the entity that the data names.
    func checkStream(
        _ name: Span<UInt8>, _ shape: StreamShape, _ data: borrowing JSONCursor, of type: Int,
        _ findings: inout Findings
    ) {
        guard begins(name, shape.text), isNamed(name.extracting(shape.text.count...), shape, data, findings.places)
        else {
            return findings.refuse(
                "is not the one of this event, allowed is \(definitions[type].stream.words)", .stream)
        }
    }

    /// Whether a name begins with one of the table's texts.
    private func begins(_ name: Span<UInt8>, _ text: Range<Int32>) -> Bool {
        guard name.count >= text.count else { return false }
        for place in 0..<text.count where name[place] != texts[Int(text.lowerBound) + place] { return false }
        return true
    }

    /// - Parameter id: what follows the category, or the whole name where the rule has none.
    ///
    /// A field that is missing or not text has been refused already, so it does not count again here.
    private func isNamed(
        _ id: Span<UInt8>, _ shape: StreamShape, _ data: borrowing JSONCursor, _ places: borrowing FieldPlaces
    ) -> Bool {
        switch shape.kind {
        case .category, .any: return true
        case .fixed: return id.count == 0
        case .namespace: return Self.isRestOfCategory(id)
        case .entity, .named: return isText(shape.first, places, data, id) ?? true
        case .party:
            if let isParty = isText(shape.first, places, data, id) { return isParty }
            guard let rest = id.after("party-") else { return isText(shape.second, places, data, id) == nil }
            return isText(shape.second, places, data, rest) ?? true
        case .either:
            if let isFirst = isText(shape.first, places, data, id) { return isFirst }
            return isText(shape.second, places, data, id) ?? true
        case .pair, .own:
            let second = data.value(at: places[shape.second])
            return data.value(at: places[shape.first]).withText { first in
                second.withText { second in
                    id.count == first.count + 1 + second.count && id.extracting(..<first.count).isEqual(to: first)
                        && id[first.count] == UInt8(ascii: "-")
                        && id.extracting((first.count + 1)...).isEqual(to: second)
                } ?? true
            } ?? true
        case .member:
            let list = data.value(at: places[shape.first])
            guard list.kind == .array else { return true }
            var walk = list.inside
            while let element = walk.next() {
                if element.withText({ $0.isEqual(to: id) }) == true { return true }
            }
            return false
        }
    }

    /// Whether a name that begins with the word of a namespace goes on within it: by the hyphen, or by `_` and a code.
    private static func isRestOfCategory(_ rest: Span<UInt8>) -> Bool {
        guard let hyphen = Surrogate.firstHyphen(in: rest) else { return false }
        return hyphen == 0
            || rest[0] == UInt8(ascii: "_") && Surrogate.codeBytes.containsAll(of: rest.extracting(..<hyphen))
    }

    /// Whether a field says just this; `nil` if it is missing or not text.
    private func isText(
        _ field: UInt8, _ places: borrowing FieldPlaces, _ data: borrowing JSONCursor, _ wanted: Span<UInt8>
    ) -> Bool? {
        data.value(at: places[field]).withText { $0.isEqual(to: wanted) }
    }
}
