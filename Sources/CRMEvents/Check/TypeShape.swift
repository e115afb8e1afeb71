import CanonicalJSON
import EventModel

/// A type of the catalog prepared for checking, once for all events.
final class TypeShape: Sendable {
    let definition: EventTypeDefinition
    let data: ObjectShape
    /// What becomes an index term: the field, and what its term begins with, colon included.
    let terms: [(field: Int, prefix: [UInt8]?)]
    let exactlyOneOf: [Int]
    let category: [UInt8]
    /// The fields that the stream's id is made of.
    let identity: [Int]

    init(_ definition: EventTypeDefinition) {
        self.definition = definition
        data = ObjectShape(definition.fields)
        let names = data.names
        func index(of name: String) -> Int {
            guard let index = names.index(of: name) else { preconditionFailure("\(definition.name) has no \(name)") }
            return index
        }
        terms = definition.terms.map { (index(of: $0.name), $0.namespace.map { Array("\($0):".utf8) }) }
        exactlyOneOf = definition.exactlyOneOf.map(index)
        identity =
            switch definition.stream {
            case .entity(_, let field): [index(of: field)]
            case .category: []
            case .party(_, let field, let other), .pair(_, let field, let other): [index(of: field), index(of: other)]
            }
        category = Array(definition.stream.category.utf8)
    }
}
