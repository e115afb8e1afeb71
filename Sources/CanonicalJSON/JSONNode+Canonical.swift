extension JSONNode {
    /// The canonical form (RFC 8785) of this value.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(entry.end - entry.start))
        appendCanonical(to: &bytes)
        return bytes
    }

    /// Appends the canonical form (RFC 8785) of this value.
    ///
    /// What arrived canonical is copied as it is; the rest is written anew, its canonical parts copied.
    public func appendCanonical(to bytes: inout [UInt8]) {
        let writer = CanonicalWriter(source: storage.bytes, tape: storage.tape)
        writer.append(index, to: &bytes)
    }
}

/// Writes parts of one parsed document in canonical form.
///
/// Holds the two arrays themselves, so that no node is made, retained and released for each value.
struct CanonicalWriter {
    let source: [UInt8]
    let tape: [TapeEntry]

    /// Appends the value, or the name, at a tape index.
    func append(_ index: Int, to bytes: inout [UInt8]) {
        let entry = tape[index]
        if entry.isCanonical {
            bytes.append(contentsOf: source[Int(entry.start)..<Int(entry.end)])
            return
        }
        switch entry.kind {
        case .object: appendObject(index, to: &bytes)
        case .array: appendArray(index, to: &bytes)
        case .text: CanonicalText.append(unescapedBytes(of: entry).span, to: &bytes)
        case .integer: bytes.append(Byte.zero)  // Only -0 is an integer out of form; RFC 8785 writes 0.
        case .yes, .no, .null: preconditionFailure("a literal is always canonical")
        }
    }

    /// The UTF-8 bytes that a text means.
    func unescapedBytes(of entry: TapeEntry) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Int(entry.end - entry.start))
        var unescaped = UnescapedBytes(entry, in: source.span)
        while let byte = unescaped.next() { result.append(byte) }
        return result
    }

    private func appendObject(_ index: Int, to bytes: inout [UInt8]) {
        var separator = Byte.braceOpen
        for name in namesInOrder(ofObjectAt: index) {
            bytes.append(separator)
            separator = Byte.comma
            let (nameEntry, valueEntry) = (tape[Int(name)], tape[Int(name) + 1])
            if nameEntry.isCanonical, valueEntry.isCanonical, valueEntry.start == nameEntry.end + 1 {
                // Nothing but the colon stands between them: one copy for the whole member.
                bytes.append(contentsOf: source[Int(nameEntry.start)..<Int(valueEntry.end)])
            } else {
                append(Int(name), to: &bytes)
                bytes.append(Byte.colon)
                append(Int(name) + 1, to: &bytes)
            }
        }
        if separator == Byte.braceOpen { bytes.append(separator) }
        bytes.append(Byte.braceClose)
    }

    /// Tape indexes of the names of an object in canonical order.
    private func namesInOrder(ofObjectAt index: Int) -> [UInt32] {
        let entry = tape[index]
        var names: [UInt32] = []
        names.reserveCapacity(entry.count)
        var at = UInt32(truncatingIfNeeded: index + 1)
        while at < entry.next {
            names.append(at)
            at = tape[Int(at) + 1].next
        }
        return entry.isIrregular ? NameOrder.sorted(names, tape: tape, in: source.span) : names
    }

    private func appendArray(_ index: Int, to bytes: inout [UInt8]) {
        var separator = Byte.bracketOpen
        var at = index + 1
        while at < Int(tape[index].next) {
            bytes.append(separator)
            separator = Byte.comma
            append(at, to: &bytes)
            at = Int(tape[at].next)
        }
        if separator == Byte.bracketOpen { bytes.append(separator) }
        bytes.append(Byte.bracketClose)
    }
}
