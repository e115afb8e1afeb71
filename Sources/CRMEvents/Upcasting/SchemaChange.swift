public import CanonicalJSON

/// One change of the fields of a type between two of its schemas, as a value.
///
/// Each is total: where the field is absent, or holds what the change cannot make sense of, the data stays as it is,
/// and decoding names the field that does not fit. Each looks at the top level of the data only, so a nested object is
/// changed as a whole, by ``retype(_:_:)``.
public enum SchemaChange: Sendable {
    /// A field that is required from now on, and what it was before anybody could say.
    case add(String, JSON)
    /// The field has another name.
    case rename(String, to: String)
    /// The field holds another kind of value. `nil` leaves it as it is.
    case retype(String, @Sendable (JSON) -> JSON?)
    /// The field becomes several. `nil` leaves it as it is.
    case split(String, @Sendable (JSON) -> JSON.Members?)
    /// The field is gone.
    case retire(String)

    /// Changes the members of an object.
    ///
    /// - Parameter isPersonal: whether these are the opened personal members, among which nothing is ever added:
    ///   what an old event did not seal cannot be personal in it now.
    func apply(to members: inout JSON.Members, isPersonal: Bool) {
        switch self {
        case .add(let field, let value):
            if !isPersonal && members[field] == nil { members[field] = value }
        case .rename(let field, let name):
            guard let value = members[field], members[name] == nil else { return }
            members[field] = nil
            members[name] = value
        case .retype(let field, let convert):
            if let value = members[field].flatMap(convert) { members[field] = value }
        case .split(let field, let part):
            guard let parts = members[field].flatMap(part) else { return }
            members[field] = nil
            members.merge(parts) { present, _ in present }
        case .retire(let field): members[field] = nil
        }
    }
}
