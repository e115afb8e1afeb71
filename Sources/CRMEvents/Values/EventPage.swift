import CanonicalJSON
import EventModel

/// The texts of many events, one behind the other, and where the fields of their data begin.
///
/// Typed events are views on a page: a field becomes a Swift value when somebody asks for it, and what nobody asks for
/// costs nothing. All events of a page live as long as one of them.
final class EventPage: Sendable {
    let bytes: [UInt8]
    /// Offsets of values in `bytes`, as many for each event as its type has public fields; 0 for an absent one.
    let places: [UInt32]

    init(bytes: [UInt8], places: [UInt32]) {
        self.bytes = bytes
        self.places = places
    }
}

/// What an event left on a page.
struct PageEntry: Sendable {
    /// Offsets in the page's bytes: the stream's name, the id, the type and the data stand one behind the other.
    let stream: UInt32
    let id: UInt32
    let type: UInt32
    let data: UInt32
    let end: UInt32
    /// Where its places begin.
    let places: UInt32
    /// The place of its type among the build's definitions; −1 where the build has no value for it.
    let kind: Int32
}

/// Fills a page.
struct EventPageBuilder: ~Copyable {
    private(set) var bytes: [UInt8] = []
    private(set) var places: [UInt32] = []

    /// Adds texts and data of an event and finds the fields of its data.
    ///
    /// - Parameters:
    ///   - type: the catalog name of the newest shape.
    ///   - kind: the place of the type among the build's definitions; −1 to leave the fields alone.
    mutating func append(
        _ event: borrowing EventView, type: Span<UInt8>, data: Span<UInt8>, kind: Int
    ) throws(UndecodableEvent) -> PageEntry {
        let start = bytes.count
        bytes.append(copying: event.stream)
        let id = bytes.count
        bytes.append(copying: event.id)
        let typeStart = bytes.count
        bytes.append(copying: type)
        let dataStart = bytes.count
        bytes.append(copying: data)
        let place = places.count
        let problem =
            kind < 0
            ? nil : locateFields(FieldTable.types[kind].entries, of: data, shiftedBy: dataStart, into: &places)
        if let problem {
            throw UndecodableEvent(
                position: event.position, type: String(copyingUTF8: type), field: problem.field,
                problem: problem.problem)
        }
        return PageEntry(
            stream: UInt32(start), id: UInt32(id), type: UInt32(typeStart), data: UInt32(dataStart),
            end: UInt32(bytes.count), places: UInt32(place), kind: Int32(kind))
    }

    consuming func page() -> EventPage { EventPage(bytes: bytes, places: places) }
}

/// Appends the offsets of an object's fields in the order of the table; 0 for an absent one.
///
/// Canonical names are sorted, so one walk through data and table finds them all.
///
/// - Returns: what is wrong with the object, if anything.
func locateFields(
    _ entries: [FieldTable.Entry], of bytes: Span<UInt8>, at start: Int = 0, shiftedBy shift: Int = 0,
    into places: inout [UInt32]
) -> (field: String, problem: UndecodableEvent.Problem)? {
    guard bytes.kindOfValue(at: start) == .object else { return ("data", .notAnObject) }
    let base = places.count
    places.append(contentsOf: repeatElement(0, count: entries.count))
    var next = 0
    var scan = CanonicalScan(bytes, at: start)
    while let member = scan.nextMember() {
        let name = bytes.extracting(member.name)
        let prefix = FieldTable.prefix(name)
        while next < entries.count, entries[next].isBefore(name, prefix) { next += 1 }
        guard next < entries.count, entries[next].prefix == prefix, entries[next].isNamed(name) else { continue }
        guard entries[next].kind == nil || bytes.kindOfValue(at: member.value) == entries[next].kind else {
            return (String(decoding: entries[next].name, as: UTF8.self), .wrongKind)
        }
        places[base + next] = UInt32(truncatingIfNeeded: member.value + shift)
        next += 1
    }
    guard scan.isWhole else { return ("data", .notAnObject) }
    for (index, entry) in entries.enumerated() where entry.isRequired && places[base + index] == 0 {
        return (String(decoding: entry.name, as: UTF8.self), .missing)
    }
    return nil
}

extension FieldTable.Entry {
    /// Whether the field's name stands before a name of the data. One with an escape is no field's name.
    @inline(__always)
    fileprivate func isBefore(_ other: Span<UInt8>, _ otherPrefix: UInt64) -> Bool {
        if prefix != otherPrefix { return prefix < otherPrefix }
        let shorter = min(name.count, other.count)
        for index in min(8, shorter)..<shorter where name[index] != other[index] { return name[index] < other[index] }
        return name.count < other.count
    }

    @inline(__always)
    fileprivate func isNamed(_ other: Span<UInt8>) -> Bool {
        guard name.count == other.count else { return false }
        for index in min(8, name.count)..<name.count where name[index] != other[index] { return false }
        return true
    }
}
