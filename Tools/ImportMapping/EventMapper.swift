import CanonicalJSON
import EventModel

/// One event made of a row, as a CloudEvents JSON line without its line feed.
public struct MappedEvent: Hashable, Sendable {
    /// The line of the row, from 1; 1 (the header) for events before the first row.
    public let line: Int
    /// JSON; canonical if a mapping made it.
    public let bytes: [UInt8]

    /// An event of a line.
    public init(line: Int, bytes: [UInt8]) {
        self.line = line
        self.bytes = bytes
    }
}

/// Makes events of the rows of one file.
///
/// The same rows in any order make the same set of events: an occurrence number `{#}` counts events that are equal in
/// everything else, and a once-per event must come out the same from every row of its value, else the row is refused.
/// A row makes all its events or none.
public struct EventMapper: Sendable {
    private let mapping: Mapping
    private let columns: [String: Int]
    private var occurrences: [UInt64: Int] = [:]
    private var firsts: [String: UInt64] = [:]

    /// A mapper for a file with this header.
    ///
    /// - Throws: ``MappingError`` when the header lacks a column of the mapping, or has one twice.
    public init(_ mapping: Mapping, header: [String]) throws(MappingError) {
        var columns: [String: Int] = [:]
        for (index, name) in header.enumerated() {
            guard columns.updateValue(index, forKey: name) == nil else {
                throw MappingError(
                    path: "events", problem: "the header has a column twice, the second as field \(index + 1)")
            }
        }
        if let missing = mapping.columns.sorted().first(where: { columns[$0] == nil }) {
            throw MappingError(path: "events", problem: "the file has no column '\(missing)'")
        }
        if let shadow = mapping.names.sorted().first(where: { columns[$0] != nil }) {
            throw MappingError(path: "let.\(shadow)", problem: "a column has this name already; choose another")
        }
        self.mapping = mapping
        self.columns = columns
    }

    /// The events before the first row.
    public func prologue() throws(RowError) -> [MappedEvent] {
        let row = Row(fields: [], columns: [:], occurrence: 1)
        var events: [MappedEvent] = []
        for template in mapping.prologue {
            events.append(MappedEvent(line: 1, bytes: try bytes(of: template, row)))
        }
        return events
    }

    /// The events of a row, in the order of the mapping.
    ///
    /// - Throws: ``RowError``; nothing is remembered of a refused row.
    public mutating func events(of record: CSVRecord) throws(RowError) -> [MappedEvent] {
        guard record.fields.count == columns.count else {
            throw RowError(column: "", problem: .ragged(found: record.fields.count, expected: columns.count))
        }
        var row = Row(fields: record.fields, columns: columns)
        var events: [MappedEvent] = []
        var counted: [UInt64: Int] = [:]
        var begun: [String: UInt64] = [:]
        for (index, template) in mapping.events.enumerated() where template.conditions.allSatisfy({ $0.isMet(by: row) })
        {
            row.occurrence = 0
            var bytes = try bytes(of: template, row)
            if let oncePer = template.oncePer {
                guard let value = try oncePer.render(row) else { throw RowError(column: oncePer.name, problem: .empty) }
                let key = "\(index) \(value)"
                let hash = fingerprint(bytes)
                if let first = firsts[key] {
                    guard first == hash else { throw RowError(column: template.type, problem: .differsFromFirst) }
                    continue
                }
                begun[key] = hash
            } else if template.usesOccurrence {
                let hash = fingerprint(bytes)
                row.occurrence = (counted[hash] ?? occurrences[hash] ?? 0) + 1
                counted[hash] = row.occurrence
                bytes = try self.bytes(of: template, row)
            }
            events.append(MappedEvent(line: record.line, bytes: bytes))
        }
        occurrences.merge(counted) { _, new in new }
        firsts.merge(begun) { _, new in new }
        return events
    }

    private func bytes(of template: EventTemplate, _ row: Row) throws(RowError) -> [UInt8] {
        guard let id = try template.id.render(row) else { throw RowError(column: template.id.name, problem: .empty) }
        guard let stream = try template.stream.render(row) else {
            throw RowError(column: template.stream.name, problem: .empty)
        }
        do throws(InvalidName) { _ = try StreamName(stream) } catch {
            throw RowError(column: template.stream.name, problem: .badName(error.description))
        }
        guard let time = try template.time.render(row) else {
            throw RowError(column: template.time.column ?? "", problem: .empty)
        }
        let event: JSON = .object([
            "specversion": "1.0", "source": .text(mapping.source), "id": .text(id), "type": .text(template.type),
            "subject": .text(stream), "time": .text(time.description),
            "data": try template.data.render(row) ?? .object([:]),
        ])
        return event.canonicalBytes
    }

    /// FNV-1a of 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): the same on every machine, so a second import of the
    /// file numbers its occurrences the same way.
    private func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
