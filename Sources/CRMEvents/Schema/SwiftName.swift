/// Swift names for the catalog's snake_case names.
enum SwiftName {
    private static let capitals = ["id": "ID", "ids": "IDs", "url": "URL"]
    private static let reserved: Set = [
        "as", "break", "case", "class", "continue", "default", "defer", "do", "else", "enum", "extension", "false",
        "for", "func", "guard", "if", "import", "in", "init", "internal", "is", "let", "nil", "operator", "private",
        "protocol", "public", "repeat", "return", "self", "static", "struct", "switch", "throw", "true", "var", "where",
        "while",
    ]

    /// `StageChanged` for `stage_changed`.
    static func type(_ name: String) -> String { words(name).map(capitalised).joined() }

    /// `stageChanged` for `stage_changed`: a case, used behind a dot.
    static func member(_ name: String) -> String {
        let words = words(name)
        return (words.first ?? "") + words.dropFirst().map(capitalised).joined()
    }

    /// `accountID` for `account_id`, in backticks where Swift has the word for itself.
    static func property(_ name: String) -> String {
        let swift = member(name)
        return reserved.contains(swift) ? "`\(swift)`" : swift
    }

    /// `line` for `lines`, `entry` for `entries`.
    static func singular(_ name: String) -> String {
        if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
        return name.hasSuffix("s") ? String(name.dropLast()) : name
    }

    private static func words(_ name: String) -> [String] { name.split(separator: "_").map(String.init) }

    private static func capitalised(_ word: String) -> String {
        capitals[word] ?? word.prefix(1).uppercased() + word.dropFirst()
    }
}
