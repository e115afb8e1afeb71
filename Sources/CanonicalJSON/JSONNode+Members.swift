extension JSONNode {
    /// The member of an object by its name, compared byte by byte; `nil` if it has none, or is no object.
    ///
    /// A linear scan that allocates nothing: the objects of events have a dozen members.
    public subscript(name: String) -> JSONNode? {
        guard let place = cursor[name]?.place else { return nil }
        return value(at: place)
    }

    /// The members of an object in document order; none for any other kind.
    public var members: some Sequence<(name: String, value: JSONNode)> {
        JSONMembers(entries: JSONEntries(self, kind: .object))
    }

    /// The elements of a list in order; none for any other kind.
    public var elements: some Sequence<JSONNode> { JSONEntries(self, kind: .array) }
}

/// The values directly inside a container, names included for an object.
struct JSONEntries: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private var at: Int
    private let end: Int

    init(_ node: JSONNode, kind: JSONNode.Kind) {
        document = node.document
        at = node.index + 1
        end = node.kind == kind ? Int(document.tape[node.index].next) : 0
    }

    mutating func next() -> JSONNode? {
        guard at < end else { return nil }
        defer { at = Int(document.tape[at].next) }
        return JSONNode(document, at: at)
    }
}

/// The members of an object as pairs.
struct JSONMembers: Sequence, IteratorProtocol {
    var entries: JSONEntries

    mutating func next() -> (name: String, value: JSONNode)? {
        guard let name = entries.next()?.text, let value = entries.next() else { return nil }
        return (name, value)
    }
}
