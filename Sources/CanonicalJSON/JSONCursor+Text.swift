extension JSONCursor {
    /// The text with its escapes resolved; `nil` for any other kind.
    public var text: String? {
        let entry = self.entry
        guard entry.kind == .text else { return nil }
        guard !entry.isIrregular else { return String(decoding: unescapedBytes, as: UTF8.self) }
        // The parser let only valid UTF-8 pass, so this always succeeds.
        guard let text = try? UTF8Span(validating: between(entry)) else { return nil }
        return String(copying: text)
    }

    /// Bytes of the text with its escapes resolved; 0 for any other kind.
    public var textByteCount: Int { withText { $0.count } ?? 0 }

    /// Reads the UTF-8 bytes of a text with its escapes resolved, in place where there are none.
    ///
    /// - Returns: what `body` returns; `nil` for any other kind.
    @inlinable
    @inline(__always)
    public func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
        let entry = self.entry
        guard entry.kind == .text else { return nil }
        guard entry.isIrregular else { return body(between(entry)) }
        let unescaped = unescapedBytes
        return body(unescaped.span)
    }

    /// Whether this is a text of exactly these UTF-8 bytes. Allocates nothing.
    public func hasText(_ expected: String) -> Bool { hasText(expected.utf8.span) }

    func hasText(_ expected: Span<UInt8>) -> Bool {
        let entry = self.entry
        guard entry.kind == .text else { return false }
        guard entry.isIrregular else { return between(entry).isEqual(to: expected) }
        var unescaped = UnescapedBytes(entry, in: bytes)
        for index in expected.indices where unescaped.next() != expected[index] { return false }
        return unescaped.next() == nil
    }

    /// What stands between the quotation marks of a text.
    @inlinable
    @_lifetime(copy self)
    func between(_ entry: TapeEntry) -> Span<UInt8> {
        bytes.extracting(Int(entry.start) + 1..<Int(entry.end) - 1)
    }

    /// The UTF-8 bytes that an escaped text means.
    @usableFromInline
    var unescapedBytes: [UInt8] {
        let entry = self.entry
        var result: [UInt8] = []
        result.reserveCapacity(Int(entry.end - entry.start))
        var unescaped = UnescapedBytes(entry, in: bytes)
        while let byte = unescaped.next() { result.append(byte) }
        return result
    }
}
