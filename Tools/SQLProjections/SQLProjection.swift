internal import CivilTime

/// A projection that somebody wrote in SQL: tables, and for each type of event the statements that change them.
///
/// The file's format is in the article <doc:WritingAProjection>. A value of this type has the form of one; whether its
/// statements are SQL, and do nothing that a projection may not, ``FoldFile`` finds out before any event is read.
public struct SQLProjection: Hashable, Sendable {
    /// The name, such as `revenue-by-month`.
    public let name: String
    /// Raised by its author whenever the rows would be others.
    public let version: UInt32
    /// The whole file. It is kept beside the rows, so that they say themselves what made them.
    public let text: String
    /// Where the days of `:day` begin.
    let zone: CivilZone
    /// The tables, indexes and views.
    let tables: Section
    /// What to do with events, in the order of the file.
    let handlers: [Handler]

    /// Statements as they stand in the file.
    struct Section: Hashable, Sendable {
        /// The line of the file, from 1, on which the text begins.
        let line: Int
        /// SQL, each statement with its semicolon.
        let sql: [UInt8]
    }

    /// The statements for some types.
    struct Handler: Hashable, Sendable {
        /// Catalog names; empty for every type.
        let types: [String]
        let section: Section
    }

    /// Bytes of a file at most.
    public static let byteCountMax = 1 << 20
}

extension SQLProjection {
    /// Reads a file of the format.
    ///
    /// - Parameter types: the names of types that may be handled besides those that companies define (`x_…`).
    /// - Throws: ``SQLProjectionError``, with the line to look at.
    public init(parsing text: String, types known: [String]) throws(SQLProjectionError) {
        guard text.utf8.count <= Self.byteCountMax else { throw .form(line: 1, "the file has more than 1 MiB") }
        var reader = SectionReader(types: known)
        for (index, line) in Self.lines(of: text).enumerated() { try reader.read(line, number: index + 1) }
        guard let name = reader.name else { throw .form(line: 1, "'-- projection: NAME' is missing") }
        guard let version = reader.version else { throw .form(line: 1, "'-- version: NUMBER' is missing") }
        guard let tables = reader.tables else { throw .form(line: 1, "the part '-- tables' is missing") }
        guard !reader.handlers.isEmpty else { throw .form(line: 1, "there is no part '-- on TYPE'") }
        self.init(
            name: name, version: version, text: text, zone: reader.zone ?? .utc, tables: tables,
            handlers: reader.handlers)
    }

    /// The lines of a text, whatever program wrote it: without a byte order mark at its beginning and CR at their ends.
    ///
    /// They are split by bytes: CR and LF together are one character to Swift, which no search for LF finds.
    private static func lines(of text: String) -> [Substring] {
        let mark = "\u{FEFF}".utf8
        let bytes = text.utf8.starts(with: mark) ? text.utf8.dropFirst(mark.count) : text.utf8[...]
        return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            Substring(line.last == 0x0D ? line.dropLast() : line)
        }
    }
}

/// Goes through a file line by line: a comment of a certain form begins the next part, all else belongs to the last.
private struct SectionReader {
    private enum Part { case header, tables, handler }

    let types: [String]
    var name: String?
    var version: UInt32?
    var zone: CivilZone?
    var tables: SQLProjection.Section?
    var handlers: [SQLProjection.Handler] = []
    private var part = Part.header

    init(types: [String]) { self.types = types }

    mutating func read(_ line: Substring, number: Int) throws(SQLProjectionError) {
        if let name = line.value(of: "-- projection:") {
            guard part == .header, self.name == nil else { throw .form(line: number, "the name stands twice") }
            guard Self.isName(name) else {
                throw .form(line: number, "the name is not of the form a-z, 0-9 and '-', 64 characters at most")
            }
            self.name = name
        } else if let version = line.value(of: "-- version:") {
            guard part == .header, self.version == nil else { throw .form(line: number, "the version stands twice") }
            guard let number = UInt32(version), number > 0 else {
                throw .form(line: number, "the version is not a number from 1")
            }
            self.version = number
        } else if let name = line.value(of: "-- time zone:") {
            guard part == .header, self.zone == nil else {
                throw .form(line: number, "the time zone stands twice, or behind '-- tables'")
            }
            guard let zone = CivilZone(named: name) else {
                throw .form(line: number, "the time zone is none of this machine's tz database (package tzdata)")
            }
            self.zone = zone
        } else if line.value(of: "-- tables") == "" {
            guard tables == nil else { throw .form(line: number, "'-- tables' stands twice") }
            tables = .init(line: number + 1, sql: [])
            part = .tables
        } else if let names = line.value(of: "-- on ") {
            handlers.append(.init(types: try parsedTypes(names, number), section: .init(line: number + 1, sql: [])))
            part = .handler
        } else {
            try add(line, number)
        }
    }

    private mutating func add(_ line: Substring, _ number: Int) throws(SQLProjectionError) {
        guard !line.utf8.contains(0) else {
            throw .form(line: number, "there is a NUL byte, where SQLite stops reading")
        }
        if let marker = nearMarker(line) {
            throw .form(line: number, "'\(marker)' counts only at the beginning of a line, with one space behind '--'")
        }
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        switch part {
        case .header:
            let trimmed = line.trimmed
            guard trimmed.isEmpty || trimmed.hasPrefix("--") else {
                throw .form(line: number, "a statement stands before '-- tables'")
            }
        case .tables:
            tables = tables.map { .init(line: $0.line, sql: $0.sql + bytes) }
        case .handler:
            guard let last = handlers.popLast() else { return }
            let section = SQLProjection.Section(line: last.section.line, sql: last.section.sql + bytes)
            handlers.append(.init(types: last.types, section: section))
        }
    }

    /// The marker that a comment was probably meant to be: taken for a comment, its statements would run for the
    /// events of the part before.
    private func nearMarker(_ line: Substring) -> String? {
        let words = line.trimmed
        guard words.hasPrefix("--") else { return nil }
        let comment = words.dropFirst(2).trimmed.lowercased()
        if comment == "tables" { return "-- tables" }
        if part == .header {
            for name in ["projection:", "version:", "time zone:"] where comment.hasPrefix(name) { return "-- " + name }
        }
        let named = comment.split { $0.isWhitespace || $0 == "," || $0 == ":" }
        guard named.count > 1, named[0] == "on" else { return nil }
        let isType = named[1] == "*" || named[1].hasPrefix("x_") || types.contains(String(named[1]))
        return isType ? "-- on" : nil
    }

    /// The types of a line `-- on TYPE, TYPE`, or none for `-- on *`.
    private func parsedTypes(_ names: String, _ number: Int) throws(SQLProjectionError) -> [String] {
        if names == "*" { return [] }
        let names = names.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
        for name in names where !name.hasPrefix("x_") && !types.contains(name) {
            throw .unknownType(
                line: number, name: String(name.prefix(64)),
                near: types.filter { known in
                    known.prefix { $0 != "." } == name.prefix { $0 != "." }
                })
        }
        return names
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}

extension Substring {
    /// What follows a marker at the beginning of a line, without space around it; `nil` for any other line.
    fileprivate func value(of marker: String) -> String? {
        guard lowercased().hasPrefix(marker) else { return nil }
        return String(dropFirst(marker.count).trimmed)
    }

    fileprivate var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
