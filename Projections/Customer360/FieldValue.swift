import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// The value of a field of the golden record, kept as it came: nothing is written as text while events are folded.
enum FieldValue: RowValue, Equatable {
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    /// Anything else, as canonical JSON.
    case json(String)

    /// The value of a change; `nil` for null.
    init?(_ json: JSON) {
        switch json {
        case .null: return nil
        case .text(let text): self = .text(text)
        case .integer(let integer): self = .integer(integer)
        case .boolean(let boolean): self = .boolean(boolean)
        default: self = .json(json.canonicalText)
        }
    }

    init?(_ text: String?) {
        guard let text else { return nil }
        self = .text(text)
    }

    init?(_ integer: Int64?) {
        guard let integer else { return nil }
        self = .integer(integer)
    }

    var isEmpty: Bool { self == .text("") }

    /// The text of a text.
    var text: String? { if case .text(let text) = self { text } else { nil } }

    func answer() throws(ViewError) -> JSON {
        switch self {
        case .text(let text): return .text(text)
        case .integer(let integer): return .integer(integer)
        case .boolean(let boolean): return .boolean(boolean)
        case .json(let text):
            guard let value = try? JSON(parsing: Array(text.utf8)) else {
                throw .corruptRow("table '\(Customer360.profileTable.name)': a field's value is not JSON")
            }
            return value
        }
    }

    func encode(to encoder: inout RowEncoder) {
        switch self {
        case .text(let text):
            encoder.integer(0)
            encoder.text(text)
        case .integer(let integer):
            encoder.integer(1)
            encoder.integer(integer)
        case .boolean(let boolean):
            encoder.integer(2)
            encoder.boolean(boolean)
        case .json(let text):
            encoder.integer(3)
            encoder.text(text)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        switch try decoder.integer() {
        case 0: self = .text(try decoder.text())
        case 1: self = .integer(try decoder.integer())
        case 2: self = .boolean(try decoder.boolean())
        case 3: self = .json(try decoder.text())
        default: throw damagedRow()
        }
    }
}

/// The event behind a value: its id, and its place on the two axes of time.
struct Origin: RowValue, Equatable {
    /// The producer's id of the event.
    let event: String
    let position: UInt64
    /// Milliseconds since 1970.
    let time: Int64

    init(_ event: CRMEvent) {
        self.event = event.id
        position = event.position.index
        time = event.time.milliseconds
    }

    /// Whether it comes after another: across streams by time, then by position.
    func isAfter(_ other: Origin) -> Bool { (time, position) > (other.time, other.position) }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(event)
        encoder.integer(Int64(bitPattern: position))
        encoder.integer(time)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        event = try decoder.text()
        position = UInt64(bitPattern: try decoder.integer())
        time = try decoder.integer()
    }
}
