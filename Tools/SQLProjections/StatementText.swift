/// What can be said of a statement by looking at its text, before SQLite does.
enum StatementText {
    /// Where the next statement begins: past space, comments and lone semicolons.
    static func start(in sql: [UInt8], from offset: Int) -> Int {
        var at = offset
        while at < sql.count {
            if [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ";")].contains(sql[at]) {
                at += 1
            } else if sql[at...].starts(with: "--".utf8) {
                at = sql[at...].firstIndex(of: 0x0A) ?? sql.count
            } else if sql[at...].starts(with: "/*".utf8) {
                at += 2
                while at < sql.count, !sql[at...].starts(with: "*/".utf8) { at += 1 }
                at = min(at + 2, sql.count)
            } else {
                return at
            }
        }
        return at
    }

    /// Why a statement has no place in a projection, where its first word or a text in it says so; else `nil`.
    ///
    /// The clock is out of reach anyway; who writes `'now'` is told before the first event comes.
    static func objection(to statement: ArraySlice<UInt8>, _ phase: StatementRules.Phase) -> String? {
        let text = String(decoding: statement, as: UTF8.self).lowercased()
        let word = String(text.prefix { $0.isLetter })
        let words: [String]
        switch phase {
        case .tables: words = ["create", "insert"]
        case .rows: words = ["insert", "replace", "update", "delete", "with"]
        }
        guard words.contains(word) else {
            return "a statement here begins with one of \(words.joined(separator: ", "))"
        }
        guard !text.hasPrefix("create") else { return nil }
        if text.contains("'now'") { return "'now' is the clock of the machine" }
        if text.contains("'localtime'") { return "'localtime' is the time zone of the machine" }
        return nil
    }
}
