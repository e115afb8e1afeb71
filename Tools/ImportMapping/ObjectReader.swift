import CanonicalJSON

/// Reads one object of a mapping file, and refuses members that it does not know: a misspelt `optional` must not pass.
struct ObjectReader {
    private let members: JSON.Members
    let path: String

    init(_ json: JSON, at path: String, allows names: [String]) throws(MappingError) {
        guard case .object(let members) = json else {
            throw MappingError(path: path, problem: "an object is needed here")
        }
        if let unknown = members.keys.sorted().first(where: { !names.contains($0) }) {
            throw MappingError(
                path: path, problem: "'\(unknown)' is not known here; there are \(names.joined(separator: ", "))")
        }
        self.members = members
        self.path = path
    }

    subscript(name: String) -> JSON? { members[name] }

    func text(_ name: String) throws(MappingError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.text else { throw wrong(name, "a text") }
        return text
    }

    func requiredText(_ name: String) throws(MappingError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw wrong(name, "a text") }
        return text
    }

    func integer(_ name: String) throws(MappingError) -> Int64? {
        guard let value = members[name] else { return nil }
        guard let integer = value.integer else { throw wrong(name, "an integer") }
        return integer
    }

    func boolean(_ name: String) throws(MappingError) -> Bool {
        guard let value = members[name] else { return false }
        guard let boolean = value.boolean else { throw wrong(name, "true or false") }
        return boolean
    }

    func list(_ name: String) throws(MappingError) -> [JSON] {
        guard let value = members[name] else { return [] }
        guard let elements = value.elements else { throw wrong(name, "a list") }
        return elements
    }

    /// A list of texts.
    func words(_ name: String) throws(MappingError) -> [String] {
        let words = try list(name).map(\.text)
        guard !words.contains(nil) else { throw wrong(name, "a list of texts") }
        return words.compactMap(\.self)
    }

    /// Members that are texts, sorted by name.
    func texts(_ name: String) throws(MappingError) -> [(name: String, text: String)] {
        guard let value = members[name] else { return [] }
        guard case .object(let inner) = value, inner.values.allSatisfy({ $0.text != nil }) else {
            throw wrong(name, "an object of texts")
        }
        return inner.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text ?? "") }
    }

    private func wrong(_ name: String, _ what: String) -> MappingError {
        MappingError(path: "\(path).\(name)", problem: "\(what) is needed here")
    }
}
