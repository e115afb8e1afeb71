import CanonicalJSON
import Testing

@Suite struct `Names and sets` {
    private static let names = [
        "", "a", "id", "type", "subject1", "subject2", "subject12", "a_name_of_17_byte", "a_name_17_bytes_x",
        "a_long_name_that_ends_the_same", "a_long_name_which_ends_the_same", "é", "😀", "\"\\",
    ]

    /// The document of one object whose only name is the given one.
    private func index(of name: String, in names: JSONNames, escaped: Bool) throws -> Int? {
        var text = "\""
        for unit in name.utf16 {
            let hex = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
        let spelling = escaped ? Array((text + "\"").utf8) : JSON.text(name).canonicalBytes
        let document = try JSONDocument(parsing: spelling)
        return names.index(of: document.cursor)
    }

    @Test func `are found at their places, escaped or not, and nothing else is`() throws {
        let names = JSONNames(Self.names)
        for (place, name) in Self.names.enumerated() {
            #expect(names.index(of: name) == place)
            #expect(try index(of: name, in: names, escaped: false) == place)
            #expect(try index(of: name, in: names, escaped: true) == place)
            for other in [name + "x", "x" + name, String(name.dropFirst()), String(name.reversed())]
            where !Self.names.contains(other) {
                #expect(try index(of: other, in: names, escaped: false) == nil, "\(other)")
            }
        }
        let number = try JSONDocument(parsing: Array("17".utf8))
        #expect(names.index(of: number.cursor) == nil)
    }

    @Test func `of characters contain just their ranges, wherever a byte stands`() {
        let (small, large) = (ASCIISet("b"..."d"), ASCIISet("a"..."z", "A"..."Z", "0"..."9", "-"..."-", "_"..."_"))
        for byte in UInt8.min...UInt8.max {
            for byteCount in 1...18 {
                for place in 0..<byteCount {
                    var text = [UInt8](repeating: UInt8(ascii: "c"), count: byteCount)
                    text[place] = byte
                    let isSmall = (UInt8(ascii: "b")...UInt8(ascii: "d")).contains(byte)
                    let scalar = Unicode.Scalar(byte)
                    let isLarge =
                        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                        || scalar == "-" || scalar == "_"
                    #expect(small.containsAll(of: text.span) == isSmall)
                    #expect(large.containsAll(of: text.span) == isLarge)
                }
            }
        }
    }

    @Test func `make the way from a value to one within it`() throws {
        let document = try JSONDocument(parsing: Array(#"{"a":[1,{"b\u0063":null}],"d":2}"#.utf8))
        let root = document.cursor
        let inner = try #require(document.root["a"]?.elements.dropFirst().first { _ in true }?["bc"])
        #expect(root.path(to: inner.cursor.place) == [.member("a"), .element(1), .member("bc")])
        #expect(root.path(to: root.place) == [])
    }
}
