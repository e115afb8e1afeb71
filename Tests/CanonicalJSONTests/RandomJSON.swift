import CanonicalJSON
import SeededRandom

extension SplitMix64 {
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Random values, and random spellings of one value.
enum RandomJSON {
    private static let scalars: [Unicode.Scalar] = [
        "a", "b", "c", "z", "A", "0", "9", "_", " ", "/", "\"", "\\", "\u{0}", "\u{8}", "\u{9}", "\u{A}",
        "\u{C}", "\u{D}", "\u{1F}", "\u{7F}", "\u{80}", "é", "\u{301}", "€", "\u{D7FF}", "\u{E000}", "\u{FB33}",
        "\u{FFFD}", "\u{FFFF}", "\u{10000}", "😀", "\u{10FFFF}",
    ]

    static func value(depth: Int, using random: inout SplitMix64) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
        case 0: return random.chance(30) ? .null : .boolean(random.chance(50))
        case 1, 2: return .integer(integer(using: &random))
        case 3, 4: return .text(text(using: &random))
        case 5, 6:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
        default:
            // Now and then an object of more names than the insertion sort takes.
            let count = random.chance(4) ? 70 : Int.random(in: 0...6, using: &random)
            var members: JSON.Members = [:]
            for _ in 0..<count {
                members[text(using: &random)] = value(depth: count > 6 ? 0 : depth - 1, using: &random)
            }
            return .object(members)
        }
    }

    static func text(using random: inout SplitMix64) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...(random.chance(10) ? 40 : 5), using: &random) {
            let plain = random.chance(60)
            text.unicodeScalars.append((plain ? scalars.prefix(7) : scalars[...]).randomElement(using: &random) ?? "a")
        }
        return text
    }

    private static func integer(using random: inout SplitMix64) -> Int64 {
        let bound: Int64 = 1 << 53 - 1
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return [0, 1, -1, bound, -bound].randomElement(using: &random) ?? 0
        case 1: return Int64.random(in: -bound...bound, using: &random)
        default: return Int64.random(in: -999...999, using: &random)
        }
    }

    /// The value with its members shuffled, whitespace anywhere, and escapes where none are needed.
    static func spelling(of value: JSON, using random: inout SplitMix64) -> [UInt8] {
        var text = ""
        spell(value, into: &text, using: &random)
        space(&text, using: &random)
        return Array(text.utf8)
    }

    private static func spell(_ value: JSON, into text: inout String, using random: inout SplitMix64) {
        space(&text, using: &random)
        switch value {
        case .null: text += "null"
        case .boolean(let boolean): text += boolean ? "true" : "false"
        case .integer(let integer): text += integer == 0 && random.chance(30) ? "-0" : String(integer)
        case .text(let content): spell(content, into: &text, using: &random)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                spell(element, into: &text, using: &random)
                space(&text, using: &random)
            }
            space(&text, using: &random)
            text += "]"
        case .object(let members):
            text += "{"
            // A dictionary's own order is not reproducible from a seed, so sort before shuffling.
            let names = members.keys.sorted().shuffled(using: &random)
            for (index, name) in names.enumerated() {
                if index > 0 { text += "," }
                space(&text, using: &random)
                spell(name, into: &text, using: &random)
                space(&text, using: &random)
                text += ":"
                spell(members[name] ?? .null, into: &text, using: &random)
                space(&text, using: &random)
            }
            space(&text, using: &random)
            text += "}"
        }
    }

    private static func spell(_ content: String, into text: inout String, using random: inout SplitMix64) {
        let shorts: [Unicode.Scalar: String] = [
            "\u{8}": "\\b", "\u{9}": "\\t", "\u{A}": "\\n", "\u{C}": "\\f", "\u{D}": "\\r", "\"": "\\\"",
            "\\": "\\\\", "/": "\\/",
        ]
        text += "\""
        for scalar in content.unicodeScalars {
            let needsEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if let short = shorts[scalar], random.chance(50) {
                text += short
            } else if needsEscape || random.chance(15) {
                for unit in String(scalar).utf16 {
                    let hex = String(unit, radix: 16, uppercase: random.chance(50))
                    text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func space(_ text: inout String, using random: inout SplitMix64) {
        while random.chance(15) { text += [" ", "\t", "\n", "\r"].randomElement(using: &random) ?? " " }
    }

    /// A document with a few bytes changed, removed or doubled.
    static func mutation(of document: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        var bytes = document
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[at] = Array("{}[],:\"\\0123eE.-+tfn \u{7}".utf8).randomElement(using: &random) ?? 0
            case 2: bytes.remove(at: at)
            case 3: bytes.insert(bytes[at], at: at)
            default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
            }
        }
        return bytes
    }
}
