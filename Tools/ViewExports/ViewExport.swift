public import CanonicalJSON
internal import DurableFiles
internal import EventModel
internal import Foundation

/// Writes all rows of a view into one file, page by page, with the coordinates that they belong to.
///
/// The file is written under a temporary name and gets its own when it is complete and on disk. Memory holds one page.
public struct ViewExport: Sendable {
    /// What kind of file it becomes.
    public enum Format: String, CaseIterable, Sendable {
        /// RFC 4180. The first record is the stamp, the second the names of the columns.
        case csv
        /// One JSON object a line. The first line is `{"export":…}` with the stamp.
        case ndjson
        /// A table named after the view, and the table `_export` with the stamp.
        case sqlite
    }

    /// Answers a page of a scan as the view does, from a key on.
    public typealias Pages = (_ from: String?) async throws -> JSON

    private let format: Format
    private let path: String
    private let stamp: JSON.Members

    /// What the file is called while it is written: two exports into one place each write a whole file.
    static let temporaryEnding = ".\(ProcessInfo.processInfo.processIdentifier).new"

    /// An export into a file.
    ///
    /// - Parameter stamp: what the file says of itself besides the coordinates of the view's answers, such as the log.
    public init(_ format: Format, to path: String, stamp: JSON.Members = [:]) {
        self.format = format
        self.path = path
        self.stamp = stamp
    }

    /// Goes through the pages and writes the file. CSV and SQLite go through them twice: once for the columns.
    ///
    /// - Returns: the number of rows.
    /// - Throws: ``ViewExportError``; what stood at the place still does.
    public func run(_ pages: Pages) async throws -> Int {
        try checkPlace()
        let first = try await pages(nil)
        let stamp = coordinates(of: first).merging(self.stamp) { coordinate, _ in coordinate }
        var columns = Columns()
        if format != .ndjson {
            try await forEachRow(first, pages) { columns.add($0) }
            columns.sort()
        }
        switch format {
        case .csv:
            var file = try CSVFile(path, stamp, columns)
            try await forEachRow(first, pages) { row throws(ViewExportError) in try file.write(columns.values(of: row))
            }
            return try file.finish()
        case .ndjson:
            var file = try NDJSONFile(path, stamp)
            try await forEachJSON(first, pages) { row throws(ViewExportError) in try file.write(row) }
            return try file.finish()
        case .sqlite:
            let file = try SQLiteFile(path, stamp, columns, table: stamp["view"]?.text ?? "rows")
            try await forEachRow(first, pages) { row throws(ViewExportError) in try file.write(columns.values(of: row))
            }
            return try file.finish()
        }
    }

    /// Refuses a place where a file would take that of something else, or where somebody is at work.
    private func checkPlace() throws(ViewExportError) {
        if path.isEmpty || DurableFiles.isIrregular(path) { throw .noPlace(path) }
        guard format == .sqlite else { return }
        for ending in ["-wal", "-journal"] where DurableFiles.exists(path + ending) { throw .inUse(path + ending) }
    }

    /// Everything that an answer says of itself besides its rows.
    private func coordinates(of answer: JSON) -> JSON.Members {
        guard case .object(var members) = answer else { return [:] }
        members["rows"] = nil
        members["next"] = nil
        return members
    }

    private func forEachRow(
        _ first: JSON, _ pages: Pages, _ body: (FlatRow) throws(ViewExportError) -> Void
    ) async throws {
        try await forEachJSON(first, pages) { row throws(ViewExportError) in try body(FlatRow(row)) }
    }

    private func forEachJSON(
        _ first: JSON, _ pages: Pages, _ body: (JSON) throws(ViewExportError) -> Void
    ) async throws {
        var page = first
        while true {
            guard coordinates(of: page) == coordinates(of: first) else { throw ViewExportError.viewHasMoved }
            for row in page["rows"]?.elements ?? [] { try body(row) }
            guard let next = page["next"]?.text else { return }
            page = try await pages(next)
        }
    }
}
