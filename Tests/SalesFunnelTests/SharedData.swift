import EventModel
import Foundation
import ProjectionRuntime

@testable import SalesFunnel

/// The data sets beside the package: rows as dictionaries, and what others computed from them.
enum SharedData {
    /// The folder, found from this file's place: the tests never depend on the working directory.
    static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../../shared/data").standardized

    static let isPresent = FileManager.default.fileExists(atPath: folder.path)

    /// The rows of a file without quoted fields.
    static func rows(_ path: String) throws -> [[Substring: String]] {
        let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline)
        let names = lines[0].split(separator: ",", omittingEmptySubsequences: false)
        return lines.dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(names, fields))
        }
    }

    /// The facts of a data set.
    static func facts<Facts: Decodable>(_ name: String, as type: Facts.Type) throws -> Facts {
        try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: name + "/facts.json")))
    }

    /// A day as the first millisecond of it in UTC.
    static func time(_ day: String?) -> Int64? { day.flatMap { CivilDay($0) }?.start.milliseconds }
}
