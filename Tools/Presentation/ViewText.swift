public import CanonicalJSON

/// An answer of a view as text for a person.
///
/// The views that Rapport comes with have a layout of their own; any other answer is shown member by member, so a view
/// that this build does not know is still readable.
public enum ViewText {
    /// The lines of an answer `{view, version, position, asof, latest_time, row | rows | report}`.
    public static func lines(for answer: JSON) -> [String] {
        var lines = body(of: answer)
        lines += ["", footer(of: answer)]
        return lines.map(DisplayWidth.safe)
    }

    private static func body(of answer: JSON) -> [String] {
        let view = answer["view"]?.text
        if let row = answer["row"] {
            return view == "customer-360" ? CustomerCard.lines(for: row) : Outline.lines(for: row)
        }
        if let report = answer["report"] {
            switch view {
            case "sales-funnel": return FunnelText.lines(for: report)
            case "churn-signals": return ChurnText.lines(for: report)
            default: return Outline.lines(for: report)
            }
        }
        if let rows = answer["rows"]?.elements {
            var lines = Outline.table(of: rows)
            if let next = answer["next"]?.text { lines += ["", "more: add from=\(next)"] }
            return lines
        }
        return Outline.lines(for: answer)
    }

    /// Which position, code and rules answered.
    private static func footer(of answer: JSON) -> String {
        var parts = ["\(answer["view"]?.text ?? "view") v\(answer["version"]?.integer ?? 0)"]
        if let position = answer["position"]?.integer { parts.append("up to position \(position)") }
        if let time = answer["asof"]?.text { parts.append("as of \(time)") }
        if let time = answer["latest_time"]?.text { parts.append("newest event \(time)") }
        if let zone = answer["time_zone"]?.text, zone != "UTC" { parts.append("days of \(zone)") }
        let rules = (answer["rules"]?.elements ?? []).compactMap { rule in
            rule["rule_id"]?.text.map { "\($0) v\(rule["version"]?.integer ?? 0)" }
        }
        if !rules.isEmpty { parts.append("rules " + rules.joined(separator: " ")) }
        return "(" + parts.joined(separator: ", ") + ")"
    }
}

/// Any JSON, member by member.
public enum Outline {
    /// Cells of one value in a table.
    private static let cellWidthMax = 36

    /// `name: value` lines, nested members indented.
    public static func lines(for json: JSON) -> [String] {
        nested(json).map(DisplayWidth.safe)
    }

    private static func nested(_ json: JSON) -> [String] {
        switch json {
        case .object(let members):
            return members.sorted { $0.key < $1.key }.flatMap { name, value in
                isNested(value) ? ["\(name):"] + nested(value).map { "  " + $0 } : ["\(name): \(plain(value))"]
            }
        case .array(let elements):
            return elements.flatMap { element in
                nested(element).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        case .null, .boolean, .integer, .text: return [plain(json)]
        }
    }

    /// Rows that are objects as a table over all their names; nested values stand as JSON.
    public static func table(of rows: [JSON]) -> [String] {
        var names: Set<String> = []
        for case .object(let members) in rows { names.formUnion(members.keys) }
        // What identifies a row stands first.
        let ordered = names.sorted { ($0.hasSuffix("_id") ? 0 : 1, $0) < ($1.hasSuffix("_id") ? 0 : 1, $1) }
        guard !ordered.isEmpty else { return rows.isEmpty ? ["no rows"] : rows.map(plain) }
        let isNumeric = ordered.map { name in rows.contains { $0[name]?.integer != nil } }
        var lines: [[String]] = [ordered]
        for row in rows {
            lines.append(ordered.map { DisplayWidth.cut(DisplayWidth.safe(plain(row[$0] ?? .null)), to: cellWidthMax) })
        }
        return aligned(lines, isNumeric)
    }

    private static func aligned(_ rows: [[String]], _ isRight: [Bool]) -> [String] {
        let widths = isRight.indices.map { column in rows.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - DisplayWidth.of(row[column]))
                return isRight[column] ? padding + row[column] : row[column] + padding
            }.joined(separator: "  ")
        }
    }

    private static func isNested(_ json: JSON) -> Bool {
        switch json {
        case .object(let members): !members.isEmpty
        case .array(let elements): elements.contains(where: isNested)
        case .null, .boolean, .integer, .text: false
        }
    }

    static func plain(_ json: JSON) -> String {
        switch json {
        case .null: "–"
        case .text(let text): text
        case .array(let elements) where !elements.contains(where: isNested):
            elements.map(plain).joined(separator: ", ")
        case .boolean, .integer, .array, .object: json.canonicalText
        }
    }
}
