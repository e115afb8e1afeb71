import Foundation
import LMDB

/// Lends an empty directory to the body and removes it afterwards.
@discardableResult
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-lmdb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.path)
}

/// Lends a small environment with one empty database to the body.
@discardableResult
func withDatabase<Result>(
    _ options: Environment.Options = .init(mapByteCount: 16 << 20),
    _ body: (Environment, Database) throws -> Result
) throws -> Result {
    try withTemporaryDirectory { directory throws in
        let environment = try Environment(at: directory, options: options)
        guard let rows = try environment.database("rows") else { throw LMDBError.corrupted("no database") }
        return try body(environment, rows)
    }
}

extension Environment {
    /// Writes rows in one transaction.
    func put(_ rows: [(key: [UInt8], value: [UInt8])], in database: Database) throws {
        try write { transaction throws(LMDBError) in
            for row in rows { try transaction.put(row.value, for: row.key, in: database) }
        }
    }

    /// The value of a key in a snapshot of its own.
    func value(of key: [UInt8], in database: Database) throws -> [UInt8]? {
        try read { transaction throws(LMDBError) in try transaction.value(of: key, in: database) }
    }
}
