import Foundation

/// CATALOG.md read as tables, so that the definitions can be compared with it row by row.
struct CatalogDocument {
    /// A row of a table of section 5 or 6.
    struct Row {
        let fields: Set<String>
        let terms: [String]
        /// The column *subject · purpose*; empty where it is.
        let subject: String
        /// The remark `(stream: …)`, or the stream column of section 6.
        let stream: String?
        /// The streams of the heading, such as `survey-{survey_id}-{party}`.
        let heading: [String]
    }

    let rows: [String: Row]
    /// The bodies of section 6.1, by kind of rule.
    let bodies: [String: Set<String>]
    /// LINE of section 2.
    let line: String

    static let workFolder = URL(filePath: #filePath).appending(path: "../../../..").standardized
    static let file = workFolder.appending(path: "shared/design/CATALOG.md")
    static let isThere = FileManager.default.fileExists(atPath: file.path)

    init() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        var rows: [String: Row] = [:]
        var bodies: [String: Set<String>] = [:]
        var heading: [String] = []
        var section = ""
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("#") {
                section = String(line.drop { $0 == "#" || $0 == " " })
                heading = line.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            }
            var cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count > 3, cells.removeFirst().isEmpty else { continue }
            let name = cells[0].filter { $0 != "`" }
            if section.hasPrefix("6.1"), name != "kind", !name.hasPrefix("-") {
                bodies[name] = try Self.fields(cells[1]).filter { $0.contains(":") }  // the rest is prose
            }
            guard cells[0].hasPrefix("`"), name.contains("."), !name.contains(" ") else { continue }
            if section.hasPrefix("6.") {
                rows[name] = Row(
                    fields: try Self.fields(cells[2]), terms: [], subject: "", stream: cells[1].filter { $0 != "`" },
                    heading: [])
            } else if section.hasPrefix("5.") {
                rows[name] = Row(
                    fields: try Self.fields(cells[1]), terms: try Self.terms(cells[2]), subject: cells[3],
                    stream: cells[1].firstMatch(of: try Regex(#"\(stream: ([^)]*)\)"#))?.output[1].substring
                        .map(String.init),
                    heading: heading)
            }
        }
        self.rows = rows
        self.bodies = bodies
        line = text.components(separatedBy: "| LINE | `{").last?.components(separatedBy: "}`").first ?? ""
    }

    /// The words of a data column, without remarks (brackets after a space), each list of members with commas.
    private static func fields(_ cell: String) throws -> Set<String> {
        let remark = try Regex(#" (\([^()]*\)|\[(?![{\]])[^\[\]]*\])"#)
        let utm = "utm_source:s utm_medium:s utm_campaign:s utm_term:s utm_content:s"
        let data = cell.replacing(remark, with: "").replacing(" UTM", with: " " + utm)
        var words = [""]
        var depth = 0
        for character in data {
            if "{[".contains(character) { depth += 1 }
            if "}]".contains(character) { depth -= 1 }
            switch (character, depth) {
            case (" ", 0): words.append("")
            case (" ", _): words[words.count - 1].append(",")
            default: words[words.count - 1].append(character)
            }
        }
        return Set(words.filter { !$0.isEmpty && $0 != "or" }.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 })
    }

    private static func terms(_ cell: String) throws -> [String] {
        cell.replacing(try Regex(#" \([^()]*\)"#), with: "").split(separator: " ").map(String.init)
            .filter { $0 != "–" }
    }
}
