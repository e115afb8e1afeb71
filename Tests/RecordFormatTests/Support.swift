import EventModel
@_exported import SeededRandom

extension SplitMix64 {
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    mutating func text(upTo count: Int) -> String {
        let letters = Array("abcXYZ019-_.:~é水🜁".unicodeScalars)
        var text = ""
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            guard let scalar = letters.randomElement(using: &self) else { continue }
            guard text.utf8.count + String(scalar).utf8.count <= count else { break }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}

/// Reads hexadecimal digits; spaces and line ends may stand between them.
func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

extension RecordedEvent {
    /// An event whose every field is drawn, within the bounds of the append path.
    static func drawn(_ random: inout SplitMix64, at position: Position) -> RecordedEvent {
        let category = random.text(upTo: 20).filter { $0 != "-" }
        var content = EventContent(
            type: random.text(upTo: 128), schema: UInt32.random(in: 0 ... .max, using: &random),
            key: EventKey(source: random.text(upTo: 128), id: random.text(upTo: 128)))
        if Bool.random(using: &random) { content.actor = random.text(upTo: 128) }
        if Bool.random(using: &random) { content.correlation = random.text(upTo: 128) }
        if Bool.random(using: &random) { content.causation = random.text(upTo: 128) }
        if Bool.random(using: &random) { content.reason = random.text(upTo: 64) }
        if Bool.random(using: &random) { content.meta = random.bytes(Int.random(in: 0...1024, using: &random)) }
        content.data = random.bytes(Int.random(in: 0...600, using: &random))
        let slotCount = Bool.random(using: &random) ? Int.random(in: 0...16, using: &random) : 0
        return RecordedEvent(
            position: position, stream: StreamName(recorded: category + "-" + random.text(upTo: 60)),
            revision: Revision(random.next()), time: Timestamp(milliseconds: Int64(bitPattern: random.next())),
            recorded: Timestamp(milliseconds: Int64(bitPattern: random.next())), content: content,
            auth: Bool.random(using: &random) ? random.bytes(32) : RecordedEvent.noCredential,
            slots: (0..<slotCount).map { _ in
                PersonalSlot(
                    key: random.text(upTo: 128), purpose: random.text(upTo: 128), fieldRoot: random.bytes(32),
                    ciphertextHash: random.bytes(32), ciphertextByteCount: UInt32.random(in: 0 ... .max, using: &random)
                )
            })
    }
}
