import ImportMapping
import Testing

@Suite struct `A CSV file` {
    @Test(arguments: [
        // RFC 4180 section 2, rules 1 to 7, with their own examples.
        ("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("aaa,bbb,ccc\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "b\r\nbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("\"aaa\",\"b\"\"bb\",\"ccc\"", [["aaa", "b\"bb", "ccc"]]),
        // Rule 4: spaces are part of a field. An empty field at the end counts.
        (" a , b,\n", [[" a ", " b", ""]]),
        ("\"\",\n", [["", ""]]),
        ("\u{FEFF}id,name\n1,李雷\n", [["id", "name"], ["1", "李雷"]]),
        ("", []),
        ("\n", [[""]]),
        ("\"a,b\"\n", [["a,b"]]),
    ])
    func `is read as RFC 4180 defines it`(text: String, expected: [[String]]) throws {
        #expect(try records(of: text).map(\.fields) == expected)
    }

    @Test func `gives the same records however it is cut into chunks`() throws {
        let text = "\u{FEFF}a,\"b\"\"\r\nc\",d\r\n1,2,3\r\n\"\",,\n"
        let expected = try records(of: text)
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var reader = CSVReader()
            let parts = try reader.read(bytes[..<cut]) + reader.read(bytes[cut...]) + reader.finish()
            #expect(parts == expected, "cut at byte \(cut)")
        }
    }

    @Test func `counts lines, also those inside quotes`() throws {
        #expect(try records(of: "h\n\"a\nb\nc\"\nd\n").map(\.line) == [1, 2, 5])
    }

    @Test(arguments: [
        ("a\nb\"c\n", CSVError(line: 2, problem: .strayQuote)),
        ("a\n\"b\"c\n", CSVError(line: 2, problem: .textAfterQuote)),
        ("a\n\"b\nc", CSVError(line: 2, problem: .unfinishedQuote)),
        ("a\rb\n", CSVError(line: 1, problem: .bareCarriageReturn)),
        ("a\r", CSVError(line: 1, problem: .bareCarriageReturn)),
    ])
    func `is refused with its line where it is not CSV`(text: String, expected: CSVError) {
        #expect(throws: expected) { try records(of: text) }
    }

    @Test func `is refused where it is not UTF-8`() {
        var reader = CSVReader()
        #expect(throws: CSVError(line: 2, problem: .notUTF8)) { try reader.read([0x61, 0x0A, 0xFF, 0x0A]) }
        var broken = CSVReader()
        #expect(throws: CSVError(line: 1, problem: .notUTF8)) { try broken.read([0xEF, 0xBB, 0x61, 0x0A]) }
        var halfMark = CSVReader()
        #expect(throws: CSVError(line: 1, problem: .notUTF8)) {
            _ = try halfMark.read([0xEF, 0xBB])
            _ = try halfMark.finish()
        }
    }

    @Test func `is refused when a record passes the limit`() throws {
        let limit = CSVReader.recordByteCountMax
        #expect(try records(of: String(repeating: "x", count: limit - 1) + "\n").count == 1)
        #expect(throws: CSVError(line: 1, problem: .recordTooLong)) {
            try records(of: String(repeating: "x", count: limit) + "\n")
        }
    }

    @Test func `can be written again from its records`() throws {
        let text = "\"a,b\",\"c\"\"d\",\"e\nf\",plain"
        #expect(try records(of: text).map(\.encoded) == [text])
    }
}

private func records(of text: String) throws -> [CSVRecord] {
    var reader = CSVReader()
    return try reader.read(text.utf8) + reader.finish()
}
