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
        bytes.append(addingCapacity: canonicalByteCountMax) { append(to: &$0) }
    }

    /// Bytes of the canonical form, at most: room is made once, and what is not written is never touched.
    private var canonicalByteCountMax: Int {
        switch self {
        case .null, .boolean: 5
        case .integer: 20
        case .text(let text): CanonicalText.byteCountMax(text.utf8.count)
        case .array(let elements): elements.indices.reduce(2) { $0 + elements[$1].canonicalByteCountMax + 1 }
        case .object(let members):
            // In place, like the writing below: what is copied is counted.
            members.list.indices.reduce(2) { sum, place in
                sum + CanonicalText.byteCountMax(members.list[place].0.utf8.count)
                    + members.list[place].1.canonicalByteCountMax + 2
            }
        }
    }

    /// Appends the canonical form where there is room for ``canonicalByteCountMax``.
    private func append(to output: inout OutputSpan<UInt8>) {
        switch self {
        case .null: output.append(copying: "null".utf8.span)
        case .boolean(let boolean): output.append(copying: (boolean ? "true" : "false").utf8.span)
        case .integer(let integer): output.append(copying: String(integer).utf8.span)
        case .text(let text): CanonicalText.append(text.utf8.span, to: &output)
        case .array(let elements):
            output.append(Byte.bracketOpen)
            for place in elements.indices {
                if place > 0 { output.append(Byte.comma) }
                elements[place].append(to: &output)
            }
            output.append(Byte.bracketClose)
        case .object(let members):
            output.append(Byte.braceOpen)
            for place in members.list.indices {
                if place > 0 { output.append(Byte.comma) }
                CanonicalText.append(members.list[place].0.utf8.span, to: &output)
                output.append(Byte.colon)
                members.list[place].1.append(to: &output)
            }
            output.append(Byte.braceClose)
        }
    }
}
