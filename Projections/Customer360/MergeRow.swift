import CanonicalJSON
import ProjectionRuntime

/// Where a party stands in the merge map.
///
/// Merges and unmerges are assertions, and the last one about a party holds: an unmerge takes the link away, and
/// everything that reads through the map sees both parties again as they were. All rows of this table belong to one
/// entity, since one merge can concern any two parties.
struct MergeRow: RowValue, Equatable {
    /// The party that this one was merged into.
    struct Survivor: Equatable, Sendable {
        let name: String
        let origin: Origin
    }

    /// A field whose value somebody chose at a merge.
    struct Choice: Equatable, Sendable {
        let field: String
        /// The party whose value it is.
        let source: String
        let origin: Origin
    }

    var survivor: Survivor?
    /// Names of the parties that were merged into this one, in the order of their merges.
    var merged: [String] = []
    /// By field, ascending; of one field in the order of the merges, so that after an unmerge the one before holds.
    private(set) var choices: [Choice] = []
    /// Positions of every merge and unmerge that names the party, ascending.
    private(set) var positions: [UInt64] = []

    init() {}

    mutating func note(_ origin: Origin) {
        if positions.last != origin.position { positions.append(origin.position) }
    }

    mutating func choose(_ choice: Choice) {
        choices.insert(choice, at: choices.firstIndex { $0.field > choice.field } ?? choices.count)
    }

    /// Forgets a party that stands alone again: what was chosen from it, and what was chosen against it at its merge.
    mutating func forget(_ source: String, mergedAt position: UInt64) {
        merged.removeAll { $0 == source }
        choices.removeAll { choice in
            choice.source == source || choice.origin.position == position && !merged.contains(choice.source)
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(survivor != nil)
        if let survivor {
            encoder.text(survivor.name)
            survivor.origin.encode(to: &encoder)
        }
        encoder.list(merged) { encoder, name in encoder.text(name) }
        encoder.list(choices) { encoder, choice in
            encoder.text(choice.field)
            encoder.text(choice.source)
            choice.origin.encode(to: &encoder)
        }
        encoder.list(positions) { encoder, position in encoder.integer(Int64(bitPattern: position)) }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        if try decoder.boolean() {
            survivor = Survivor(name: try decoder.text(), origin: try Origin(from: &decoder))
        }
        merged = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> String in try decoder.text() }
        choices = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Choice in
            Choice(field: try decoder.text(), source: try decoder.text(), origin: try Origin(from: &decoder))
        }
        positions = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> UInt64 in
            UInt64(bitPattern: try decoder.integer())
        }
    }
}
