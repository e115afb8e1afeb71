/// Texts on a terminal: how many cells they take, and what must not reach it.
enum DisplayWidth {
    /// Cells of a text: two for the wide characters of East Asia and emoji, none for combining marks, else one.
    ///
    /// The ranges are the large blocks that UAX #11 (East Asian Width) lists as W and F; a table needs no more.
    static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + cells(of: $1) }
    }

    private static func cells(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x300: 1
        case 0x300...0x36F, 0x200B...0x200D, 0xFE00...0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }

    /// The text without control characters, which could move the cursor or rename the window of whoever looks.
    static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "·" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // C0, DEL, C1, and the marks that reverse the direction of text.
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// At most so many cells, the last one an ellipsis where something was cut.
    static func cut(_ text: String, to limit: Int) -> String {
        guard of(text) > limit else { return text }
        var result = ""
        var width = 0
        for character in text {
            let cells = of(String(character))
            guard width + cells < limit else { break }
            result.append(character)
            width += cells
        }
        return result + "…"
    }
}
