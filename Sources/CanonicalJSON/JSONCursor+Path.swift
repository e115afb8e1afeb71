extension JSONCursor {
    /// One step from a value to a value within it.
    public enum Step: Hashable, Sendable {
        case member(String)
        case element(Int)
    }

    /// The way from this value to one within it, for an error that says where: walked again, so that a
    /// document without a fault pays nothing for it. Empty for this value itself and for any outside it.
    public func path(to place: JSONPlace) -> [Step] {
        let wanted = Int(place.index)
        guard wanted > index, wanted < Int(entry.next) else { return [] }
        let isObject = entry.kind == .object
        var walk = inside
        var name = ""
        var count = 0
        while let child = walk.next() {
            let isName = isObject && count % 2 == 0
            if isName { name = child.text ?? "" }
            if wanted < Int(child.entry.next) {
                let step: Step = isObject ? .member(name) : .element(count)
                return [step] + child.path(to: place)
            }
            count += 1
        }
        return []
    }
}
