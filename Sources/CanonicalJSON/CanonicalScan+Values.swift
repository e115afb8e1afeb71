extension Span<UInt8> {
    /// What kind of value begins at an offset of canonical JSON; `nil` where none can.
    public func kindOfValue(at offset: Int) -> JSONNode.Kind? {
        guard offset < count else { return nil }
        switch self[offset] {
        case Byte.quote: return .text
        case Byte.braceOpen: return .object
        case Byte.bracketOpen: return .array
        case Byte.minus, Byte.zero...Byte.nine: return .integer
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: return nil
        }
    }

    /// The text that begins at an offset of canonical JSON, its escapes resolved; empty where none begins.
    public func textValue(at offset: Int) -> String {
        guard kindOfValue(at: offset) == .text else { return "" }
        let end = CanonicalScan.endOfText(offset, in: self)
        guard end - 1 > offset else { return "" }
        let inside = extracting(offset + 1..<end - 1)
        guard !inside.containsBackslash else {
            let document = try? JSONDocument(parsing: bytesOfValue(at: offset))
            return document?.root.text ?? ""
        }
        guard let text = try? UTF8Span(validating: inside) else { return "" }
        return String(copying: text)
    }

    /// The integer that begins at an offset of canonical JSON; 0 where none begins.
    public func integerValue(at offset: Int) -> Int64 {
        guard offset < count else { return 0 }
        let isNegative = self[offset] == Byte.minus
        var at = isNegative ? offset + 1 : offset
        var value: Int64 = 0
        while at < count, self[at] &- Byte.zero < 10 {
            value = value &* 10 &+ Int64(self[at] &- Byte.zero)
            at += 1
        }
        return isNegative ? 0 &- value : value
    }

    /// A copy of the bytes of the value that begins at an offset of canonical JSON.
    public func bytesOfValue(at offset: Int) -> [UInt8] {
        let end = CanonicalScan.endOfValue(offset, in: self)
        var copy: [UInt8] = []
        copy.reserveCapacity(end - offset)
        for index in offset..<end { copy.append(self[index]) }
        return copy
    }

    private var containsBackslash: Bool {
        var at = 0
        while at <= count - 8 {
            if PlainText.unquotedByteCount(ofEightAt: at, in: self) < 8 { return true }
            at += 8
        }
        while at < count {
            if self[at] == Byte.backslash { return true }
            at += 1
        }
        return false
    }
}
