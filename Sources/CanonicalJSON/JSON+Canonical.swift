extension JSON {
    /// The canonical form (RFC 8785).
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendCanonical(to: &bytes)
        return bytes
    }

    /// The canonical form (RFC 8785) as text.
    public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    /// Appends the canonical form (RFC 8785).
    public func appendCanonical(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let boolean): bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
        case .integer(let integer): bytes.append(contentsOf: String(integer).utf8)
        case .text(let text): CanonicalText.append(text, to: &bytes)
        case .array(let elements):
            bytes.append(Byte.bracketOpen)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(Byte.comma) }
                element.appendCanonical(to: &bytes)
            }
            bytes.append(Byte.bracketClose)
        case .object(let members):
            bytes.append(Byte.braceOpen)
            let sorted = members.sorted { NameOrder.precedes($0.key, $1.key) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { bytes.append(Byte.comma) }
                CanonicalText.append(member.key, to: &bytes)
                bytes.append(Byte.colon)
                member.value.appendCanonical(to: &bytes)
            }
            bytes.append(Byte.braceClose)
        }
    }
}
