internal import CRMEvents
internal import WireProtocol

/// Tells what types of events there are: help for whoever appends, from the same source as the check.
struct TypeService: Sendable {
    let customs: CustomCatalog

    /// One map for each type, in the order of the catalog. A type that it does not hold is refused with the nearest
    /// name.
    func reply(to request: TypesRequest) -> RESPValue {
        let catalog = customs.current
        switch request {
        case .all: return .array(catalog.types.map(\.reply))
        case .prefix(let prefix): return .array(catalog.types.filter { $0.name.hasPrefix(prefix) }.map(\.reply))
        case .type(let name):
            do throws(InvalidEvent) {
                return .array([try catalog.definition(of: name).reply])
            } catch {
                return .refusal(error)
            }
        }
    }
}

extension EventTypeDefinition {
    /// Fields and references stand as CATALOG.md writes them: `name:s!ᴾ?`, `account_id⚓`.
    fileprivate var reply: RESPValue {
        .fields([
            "type": .text(name), "summary": .text(summary), "section": .text(group.section.title),
            "schema": .integer(Int64(schema)), "stream": .text(stream.words), "open": .boolean(isOpen),
            "fields": .array(allFields.map { .text($0.notation) }),
            "exactly_one_of": .array(exactlyOneOf.map { .text($0) }),
            "terms": .array(terms.map { .text($0.isAnchor ? $0.name + "⚓" : $0.name) }),
            "subject": .text(sealing.words), "purpose": sealing.purpose.map { .text($0.rawValue) } ?? .null,
            "rules": .array(rules.map { .text($0.words) }),
        ])
    }
}
