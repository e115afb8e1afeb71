import ProjectionRuntime

/// The texts of one row, each once, so that its steps are nothing but integers.
///
/// A deal names few stages, owners and pipelines, and names them often: looking through a short list costs less than
/// keeping, copying and writing the same text with every step.
struct Words: Equatable, Sendable {
    private var texts: [String] = []

    /// The number of a text, from 0; a new text gets the next one.
    mutating func number(of text: String) -> Int32 {
        if let index = texts.firstIndex(of: text) { return Int32(truncatingIfNeeded: index) }
        texts.append(text)
        return Int32(truncatingIfNeeded: texts.count - 1)
    }

    /// The text of a number that ``number(of:)`` gave.
    subscript(number: Int32) -> String { texts[Int(number)] }

    /// Whether the row has a text of this number: damaged bytes may name another.
    func contains(_ number: Int32) -> Bool { texts.indices.contains(Int(number)) }
}

extension Words: RowValue {
    func encode(to encoder: inout RowEncoder) { encoder.list(texts) { $0.text($1) } }

    init(from decoder: inout RowDecoder) throws(RowError) {
        texts = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in try decoder.text() }
    }
}
