internal import CanonicalJSON
internal import EventModel

/// One personal field: where it stands in its slot's object, and what it says.
public struct PersonalField: Hashable, Sendable {
    /// The names of the members that lead to it, joined by dots: `email`, `person.email`.
    public let path: String
    /// RFC 8785 bytes of the value.
    public let value: [UInt8]

    /// A field from its path and canonical value.
    public init(path: String, value: [UInt8]) {
        self.path = path
        self.value = value
    }
}

/// The personal object of one slot (VERIFIABILITY.md, section 4.2): its canonical bytes, which are sealed, and its
/// fields, which are committed to.
///
/// Invariant: the two say the same. Every member that is not an object is a field, no object is empty and no name is
/// empty or has a dot, so nothing is sealed that no commitment covers, and no two objects have the same fields.
public struct PersonalFields: Hashable, Sendable {
    /// RFC 8785 bytes of the object, at most ``Limits/eventDataByteCountMax``.
    public let canonical: [UInt8]
    /// Its fields, in the order of the UTF-8 bytes of their paths.
    public let fields: [PersonalField]

    /// The object that has these fields. A value that is an object stands for the fields inside it: `changes.email`
    /// with `{"new":…,"old":…}` is `changes.email.new` and `changes.email.old`.
    ///
    /// - Throws: ``SealError/unfit(_:)`` if a value is not canonical, or if they do not make one object.
    public init(_ fields: [PersonalField]) throws(SealError) {
        let sorted = fields.sorted { Self.precedes($0.path, $1.path) }
        (canonical, self.fields) = try Self.read(Self.text(of: sorted))
        guard canonical.count <= Limits.eventDataByteCountMax else { throw .unfit(.tooLarge) }
        // Only values that are objects make other fields than were given. All the rest must come back as it was: a
        // value such as `1,"x":2` would bring members of its own.
        guard self.fields != sorted else { return }
        for field in sorted {
            guard try Self.parse(field.value).root.canonicalBytes == field.value else { throw .unfit(.notCanonical) }
        }
    }

    /// The object that these canonical bytes are.
    ///
    /// - Throws: ``SealError/unfit(_:)`` unless they are one.
    public init(canonical: [UInt8]) throws(SealError) {
        guard canonical.count <= Limits.eventDataByteCountMax else { throw .unfit(.tooLarge) }
        (self.canonical, fields) = try Self.read(canonical)
        guard self.canonical == canonical else { throw .unfit(.notCanonical) }
    }

    private static func parse(_ bytes: [UInt8]) throws(SealError) -> JSONDocument {
        do {
            return try JSONDocument(parsing: bytes, maximumDepth: Limits.jsonDepthMax)
        } catch {
            throw .unfit(.noJSON)
        }
    }

    /// The canonical form of an object, and its fields by path.
    private static func read(_ bytes: [UInt8]) throws(SealError) -> (canonical: [UInt8], fields: [PersonalField]) {
        let root = try parse(bytes).root
        guard root.kind == .object else { throw .unfit(.noJSON) }
        var fields: [PersonalField] = []
        try collect(root.cursor, below: "", into: &fields)
        fields.sort { precedes($0.path, $1.path) }
        return (root.canonicalBytes, fields)
    }

    private static func collect(
        _ object: borrowing JSONCursor, below prefix: String, into fields: inout [PersonalField]
    ) throws(SealError) {
        guard object.count > 0 else { throw .unfit(.emptyObject) }
        var walk = object.inside
        while let name = walk.next(), let value = walk.next() {
            guard let text = name.text, !text.isEmpty, !text.utf8.contains(dot) else { throw .unfit(.name) }
            let path = prefix + text
            guard path.utf8.count <= pathByteCountMax else { throw .unfit(.name) }
            if value.kind == .object {
                try collect(value, below: path + ".", into: &fields)
            } else {
                fields.append(PersonalField(path: path, value: value.canonicalBytes))
            }
        }
    }

    /// The object as JSON, members in the order of the fields, which are sorted: paths that begin alike stand together.
    private static func text(of fields: [PersonalField]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        bytes.reserveCapacity(fields.reduce(2) { $0 + $1.path.utf8.count + $1.value.count + 4 })
        var open: [Substring] = []
        for (index, field) in fields.enumerated() {
            // Most paths are one name, which needs no list of names.
            var names = field.path.utf8.contains(dot) ? split(field.path) : []
            let last = names.popLast() ?? field.path[...]
            let shared = zip(open, names).prefix { $0.utf8.elementsEqual($1.utf8) }.count
            for _ in shared..<open.count { bytes.append(UInt8(ascii: "}")) }
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            for name in names[shared...] {
                appendName(name, to: &bytes)
                bytes.append(UInt8(ascii: "{"))
            }
            open = names
            appendName(last, to: &bytes)
            bytes.append(contentsOf: field.value)
        }
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "}"), count: open.count + 1))
        return bytes
    }

    private static func split(_ path: String) -> [Substring] {
        path.split(separator: ".", omittingEmptySubsequences: false)
    }

    private static func appendName(_ name: Substring, to bytes: inout [UInt8]) {
        CanonicalText.append(String(name), to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    /// The order of UTF-8 bytes; that of Swift strings is another.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static let dot = UInt8(ascii: ".")
    /// A commitment counts the bytes of a path in 16 bits.
    private static let pathByteCountMax = Int(UInt16.max)
}
