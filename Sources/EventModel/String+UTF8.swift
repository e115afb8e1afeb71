extension String {
    /// A copy of UTF-8 bytes; empty where they are none.
    package init(copyingUTF8 bytes: Span<UInt8>) {
        guard let text = try? UTF8Span(validating: bytes) else {
            self = ""
            return
        }
        self = String(copying: text)
    }
}
