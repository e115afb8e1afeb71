public import CanonicalJSON
import EventModel

/// The fields of one object of an event's data, read when they are asked for. Generated values are made of it.
///
/// Reading is total: the walk that found the fields has seen that required ones are there and of their kind, and an
/// absent one reads as `nil`, as false or as an empty list.
public struct DataFields: Sendable {
    let page: EventPage
    private let places: Int

    init(_ page: EventPage, places: Int) {
        self.page = page
        self.places = places
    }

    private func offset(_ field: Int) -> Int { Int(page.places[places + field]) }

    /// Whether the field is there.
    func has(_ field: Int) -> Bool { offset(field) > 0 }

    func text(_ field: Int) -> String {
        let bytes = page.bytes
        return bytes.span.textValue(at: offset(field))
    }

    func optionalText(_ field: Int) -> String? { has(field) ? text(field) : nil }

    func integer(_ field: Int) -> Int64 {
        let bytes = page.bytes
        return bytes.span.integerValue(at: offset(field))
    }

    func optionalInteger(_ field: Int) -> Int64? { has(field) ? integer(field) : nil }

    /// Absence means false.
    func boolean(_ field: Int) -> Bool { has(field) && page.bytes[offset(field)] == UInt8(ascii: "t") }

    func texts(_ field: Int) -> [String] { elements(field) { $0.textValue(at: $1) } }

    func integers(_ field: Int) -> [Int64] { elements(field) { $0.integerValue(at: $1) } }

    /// A value as it stands; `null` where it is absent.
    func json(_ field: Int) -> JSON {
        let bytes = page.bytes
        return has(field) ? JSON(reading: bytes.span.bytesOfValue(at: offset(field))) : .null
    }

    /// The fields of an object; `nil` where it is absent or has not the form of its definition.
    func object(_ field: Int, _ table: FieldTable) -> DataFields? {
        has(field) ? objects(at: [offset(field)], table).first : nil
    }

    /// The fields of every object of a list; one that has not the form of its definition is passed over.
    func objects(_ field: Int, _ table: FieldTable) -> [DataFields] {
        objects(at: elements(field) { $1 }, table)
    }

    private func objects(at offsets: [Int], _ table: FieldTable) -> [DataFields] {
        guard !offsets.isEmpty else { return [] }
        let bytes = page.bytes
        var found: [UInt32] = []
        var starts: [Int] = []
        for offset in offsets {
            let start = found.count
            guard table.locate(in: bytes.span, at: offset, into: &found) == nil else { continue }
            starts.append(start)
        }
        let inner = EventPage(bytes: bytes, places: found)
        return starts.map { DataFields(inner, places: $0) }
    }

    private func elements<Element>(_ field: Int, _ read: (Span<UInt8>, Int) -> Element) -> [Element] {
        guard has(field) else { return [] }
        let bytes = page.bytes
        var scan = CanonicalScan(bytes.span, at: offset(field))
        var elements: [Element] = []
        while let place = scan.nextElement() { elements.append(read(bytes.span, place)) }
        return elements
    }
}

/// One change of a field, as `CHANGES` of the catalog lists them.
public struct FieldChange: Sendable {
    /// The field's catalog name.
    public let field: String
    /// What it held before; null for nothing, or where it is personal.
    public let old: JSON
    /// What it holds now; null for nothing, or where it is personal.
    public let new: JSON

    init(_ fields: DataFields) {
        field = fields.text(0)
        new = fields.json(1)
        old = fields.json(2)
    }
}

extension JSON {
    /// Parses bytes that a log handed out; null where they are damaged.
    fileprivate init(reading bytes: [UInt8]) { self = (try? JSON(parsing: bytes)) ?? .null }
}
