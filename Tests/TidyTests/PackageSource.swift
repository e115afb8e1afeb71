import Foundation

/// The package as text: its files, and the imports between its targets.
enum PackageSource {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A Swift file by its path from the root.
    struct File {
        let path: String
        let text: String
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// The target, by the folder that holds it: `Sources/EventLog/…` is in `EventLog`.
        var target: String { String(path.split(separator: "/")[1]) }
    }

    /// Swift files below some folders.
    static func files(in folders: [String]) throws -> [File] {
        try folders.flatMap { folder -> [File] in
            let base = root.appendingPathComponent(folder)
            guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
            return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { path in
                File(
                    path: "\(folder)/\(path)",
                    text: try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8))
            }
        }
    }

    static let product = ["Sources", "Projections", "Tools", "Benchmarks"]

    /// Modules that a file imports.
    static func imports(of file: File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count,
                words[..<place].allSatisfy({ ["public", "internal", "package", "private", "@testable"].contains($0) })
            else { return nil }
            return String(words[place + 1])
        }
    }
}
