extension JSONCursor {
    /// The canonical form (RFC 8785) of this value.
    ///
    /// What arrived canonical is copied as it is; the rest is written anew, its canonical parts copied.
    public var canonicalBytes: [UInt8] {
        var canonical: [UInt8] = []
        canonical.reserveCapacity(byteCount)
        appendCanonical(to: &canonical)
        return canonical
    }

    /// Appends the canonical form (RFC 8785) of this value.
    public func appendCanonical(to target: inout [UInt8]) {
        // Never longer than it arrived: RFC 8785 writes each character in its shortest legal form.
        target.append(addingCapacity: byteCount) { output in
            CanonicalWriter(source: bytes, tape: tape).append(index, to: &output)
        }
    }
}

extension JSONDocument {
    /// Appends the canonical form (RFC 8785) of the value at a place: in one copy if it arrived canonical.
    public func appendCanonical(_ place: JSONPlace, to target: inout [UInt8]) {
        let entry = tape[Int(place.index)]
        if entry.isCanonical {
            target.append(contentsOf: bytes[Int(entry.start)..<Int(entry.end)])
        } else {
            cursor.value(at: place).appendCanonical(to: &target)
        }
    }
}

extension JSONNode {
    /// The canonical form (RFC 8785) of this value.
    public var canonicalBytes: [UInt8] { cursor.canonicalBytes }

    /// Appends the canonical form (RFC 8785) of this value.
    public func appendCanonical(to bytes: inout [UInt8]) { cursor.appendCanonical(to: &bytes) }
}

/// Writes parts of one parsed document in canonical form.
struct CanonicalWriter: ~Escapable {
    let source: Span<UInt8>
    let tape: Span<TapeEntry>

    @_lifetime(copy source, copy tape)
    init(source: Span<UInt8>, tape: Span<TapeEntry>) {
        self.source = source
        self.tape = tape
    }

    /// Appends the value, or the name, at a tape index.
    func append(_ index: Int, to output: inout OutputSpan<UInt8>) {
        let entry = tape[index]
        if entry.isCanonical { return copy(from: entry.start, to: entry.end, to: &output) }
        switch entry.kind {
        case .object: appendObject(index, to: &output)
        case .array: appendArray(index, to: &output)
        case .text: appendText(entry, to: &output)
        case .integer: output.append(Byte.zero)  // Only -0 is an integer out of form; RFC 8785 writes 0.
        default: preconditionFailure("a literal is always canonical")
        }
    }

    private func copy(from start: UInt32, to end: UInt32, to output: inout OutputSpan<UInt8>) {
        let part = source.extracting(Int(start)..<Int(end))
        for index in part.indices { output.append(part[index]) }
    }

    private func appendText(_ entry: TapeEntry, to output: inout OutputSpan<UInt8>) {
        var unescaped = UnescapedBytes(entry, in: source)
        output.append(Byte.quote)
        while let byte = unescaped.next() { CanonicalText.append(byte, to: &output) }
        output.append(Byte.quote)
    }

    private func appendObject(_ index: Int, to output: inout OutputSpan<UInt8>) {
        var separator = Byte.braceOpen
        for name in NameOrder.names(ofObjectAt: index, tape: tape, in: source) {
            output.append(separator)
            separator = Byte.comma
            let (nameEntry, valueEntry) = (tape[Int(name)], tape[Int(name) + 1])
            if nameEntry.isCanonical, valueEntry.isCanonical, valueEntry.start == nameEntry.end + 1 {
                // Nothing but the colon stands between them: one copy for the whole member.
                copy(from: nameEntry.start, to: valueEntry.end, to: &output)
            } else {
                append(Int(name), to: &output)
                output.append(Byte.colon)
                append(Int(name) + 1, to: &output)
            }
        }
        if separator == Byte.braceOpen { output.append(separator) }
        output.append(Byte.braceClose)
    }

    private func appendArray(_ index: Int, to output: inout OutputSpan<UInt8>) {
        var separator = Byte.bracketOpen
        var at = index + 1
        while at < Int(tape[index].next) {
            output.append(separator)
            separator = Byte.comma
            append(at, to: &output)
            at = Int(tape[at].next)
        }
        if separator == Byte.bracketOpen { output.append(separator) }
        output.append(Byte.bracketClose)
    }
}
