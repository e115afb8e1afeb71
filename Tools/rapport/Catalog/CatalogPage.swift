import CRMEvents

/// The catalog as one page of Markdown, made from the definitions that the server checks by.
enum CatalogPage {
    /// The lines of the page.
    static func lines(of catalog: Catalog) -> [String] {
        var lines = [
            "# The event catalog", "",
            "\(catalog.types.count) event types in \(CatalogSection.allCases.count) groups. This page is made by "
                + "`rapport catalog page` from the definitions that the server checks by.", "",
            "Every type takes a personal `note` besides its fields. A ⚓ marks the party to which a whole stream "
                + "belongs; *personal* fields are sealed under the key of the data subject, for the purpose that "
                + "stands beside it.", "",
        ]
        for section in CatalogSection.allCases {
            lines += ["## \(section.rawValue). \(section.title)", ""]
            for type in catalog.types(in: section) { lines += self.lines(for: type) + [""] }
        }
        return lines
    }

    private static func lines(for type: EventTypeDefinition) -> [String] {
        var lines = ["### `\(type.name)`", "", type.summary, "", "- Stream: `\(type.stream.words)`"]
        if !type.terms.isEmpty {
            lines.append("- Found by: " + type.terms.map { "`\(CatalogText.term($0))`" }.joined(separator: ", "))
        }
        lines.append("- Sealed for: \(CatalogText.sealing(of: type))")
        if !type.exactlyOneOf.isEmpty {
            lines.append("- Exactly one of " + type.exactlyOneOf.map { "`\($0)`" }.joined(separator: " and "))
        }
        lines += type.rules.map { "- Rule: \($0.words)" }
        if type.isOpen { lines.append("- Open: unknown fields are kept") }
        lines += ["", "| field | required | personal | allowed |", "|---|---|---|---|"]
        return lines
            + type.fields.map { field in
                "| `\(field.name)` | \(field.isRequired ? "yes" : "") | \(field.personal?.words ?? "") "
                    + "| \(field.kind.details) |"
            }
    }
}
