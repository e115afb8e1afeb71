public import CanonicalJSON
public import EventModel

/// The personal fields of an event, as far as its reader may see them.
///
/// What was sealed never looks like an empty field: a projection learns whether there was nothing, whether it may not
/// look, or whether the person was erased.
public enum PersonalPart: Sendable {
    /// The event has no personal fields.
    case nothing
    /// The fields, as one object.
    case opened(JSONNode)
    /// Nothing any more: the person's key was erased by the event at this position.
    case erased(at: Position)
    /// Fields that the reader has no right to see, or that nobody has opened.
    case sealed(purpose: String)

    /// An opened field by its dotted path, such as `email`, `person.email` or `changes.email.new` (CATALOG.md
    /// section 3); `nil` where the event has no such field, or none that can be seen.
    public subscript(path: String) -> JSONNode? {
        guard case .opened(var node) = self else { return nil }
        for name in path.split(separator: ".") {
            guard let member = node[String(name)] else { return nil }
            node = member
        }
        return node
    }

    /// What the first slot holds: every type of the catalog needs one (CATALOG.md section 3).
    init(_ event: borrowing EventView) throws(UndecodableEvent) {
        switch event.personal {
        case nil: self = .nothing
        case .erased(let position): self = .erased(at: position)
        case .sealed(let purpose): self = .sealed(purpose: purpose)
        case .opened(let bytes):
            let root = try? JSONDocument(parsing: bytes).root
            guard let root, root.kind == .object else {
                throw UndecodableEvent(
                    position: event.position, type: String(copyingUTF8: event.type), field: "personal",
                    problem: .notAnObject)
            }
            self = .opened(root)
        }
    }
}
