import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// The personal part of one event of a timeline, by its position: subjects, comments, notes. Lives in a personal table.
enum TextRow: RowValue, Equatable {
    /// The opened fields as canonical JSON.
    case opened(String)
    /// The opened fields are longer than a page can carry for one entry; so many bytes.
    case long(byteCount: Int64)
    case withheld(Withheld)

    /// Bytes of an entry's fields at most: so that a page of ``TimelinePage/limitMax`` stays below 1 MiB.
    static let byteCountMax = 1_536

    /// What an event has; `nil` for one without personal fields.
    init?(_ part: PersonalPart) {
        if let mark = part.withheld {
            self = .withheld(mark)
        } else if case .opened(let fields) = part {
            let text = JSON(fields).canonicalText
            let byteCount = text.utf8.count
            self = byteCount > Self.byteCountMax ? .long(byteCount: Int64(byteCount)) : .opened(text)
        } else {
            return nil
        }
    }

    /// The fields as `LOG.READ` gives them, or the mark in their place. What is long is read there.
    func json() throws(ViewError) -> JSON {
        switch self {
        case .withheld(let mark): return mark.json
        case .long(let byteCount): return ["long": ["bytes": .integer(byteCount)]]
        case .opened(let text):
            guard let fields = try? JSON(parsing: Array(text.utf8)) else {
                throw .corruptRow("table '\(Customer360.textTable.name)': an entry's fields are not JSON")
            }
            return fields
        }
    }

    func encode(to encoder: inout RowEncoder) {
        switch self {
        case .opened(let text):
            encoder.integer(0)
            encoder.text(text)
        case .long(let byteCount):
            encoder.integer(1)
            encoder.integer(byteCount)
        case .withheld(let mark):
            encoder.integer(2)
            mark.encode(to: &encoder)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        switch try decoder.integer() {
        case 0: self = .opened(try decoder.text())
        case 1: self = .long(byteCount: try decoder.integer())
        case 2: self = .withheld(try Withheld(from: &decoder))
        default: throw damagedRow()
        }
    }
}

/// A position as a key.
struct PositionKey: RowKey {
    let position: UInt64

    init(_ position: UInt64) { self.position = position }
    func encode(to encoder: inout KeyEncoder) { encoder.unsigned(position) }
    init(from decoder: inout KeyDecoder) throws(RowError) { position = try decoder.unsigned() }
}
