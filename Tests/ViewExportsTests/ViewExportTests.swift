import CanonicalJSON
import Foundation
import SQLite
import Testing
import ViewExports

@Suite struct `An exported view` {
    private let rows: [JSON] = [
        ["id": "a", "name": "=1+1", "sums": ["CNY": 5, "usd": -1], "list": [1, ["x": 2]]],
        ["id": "b", "sums": ["USD": 7], "gone": nil, "list": [], "open": true],
        ["id": "c", "deep": ["er": ["est": "x"]]],
    ]

    /// Pages of one row, as a view gives them.
    private func pages(movingAt moved: String? = nil) -> ViewExport.Pages {
        let rows = rows
        return { from in
            let place = from.flatMap { Int($0) } ?? 0
            return [
                "view": "some-view", "version": 3, "position": from == moved && moved != nil ? 10 : 9, "asof": nil,
                "rows": [rows[place]], "next": place + 1 < rows.count ? .text("\(place + 1)") : nil,
            ]
        }
    }

    private func withPlace(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("rapport-export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory.path + "/out")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["out"])
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    }

    @Test func `is a CSV file of all columns that any row has`() async throws {
        try await withPlace { path in
            let count = try await ViewExport(.csv, to: path, stamp: ["log": "abc"]).run(pages())
            #expect(count == 3)
            let expected = """
                # asof=null log=abc position=9 version=3 view=some-view,,,,,,,,\r
                deep.er.est,gone,id,list,name,open,sums.CNY,sums.USD,sums.usd\r
                ,,a,"[1,{""x"":2}]",'=1+1,,5,,-1\r
                ,,b,[],,true,,7,\r
                x,,c,,,,,,\r

                """
            let found = try text(path)
            #expect(found == expected)
        }
    }

    @Test func `is an NDJSON file whose first line is its stamp`() async throws {
        try await withPlace { path in
            let count = try await ViewExport(.ndjson, to: path).run(pages())
            #expect(count == 3)
            let lines = try text(path).split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            #expect(lines[0] == ["export": ["asof": nil, "position": 9, "version": 3, "view": "some-view"]])
            #expect(Array(lines[1...]) == rows)
        }
    }

    @Test func `is an SQLite file with a table of its name`() async throws {
        try await withPlace { path in
            let count = try await ViewExport(.sqlite, to: path).run(pages())
            #expect(count == 3)
            let connection = try Connection(at: path, .readOnly)
            let found = try connection.prepare("SELECT * FROM some_view ORDER BY id")
            // Names that differ in case alone are one to SQLite.
            #expect(
                found.columns == [
                    "deep.er.est", "gone", "id", "list", "name", "open", "sums.CNY", "sums.USD", "sums.usd_2",
                ])
            #expect(try found.step())
            #expect(
                (0..<9).map { found[$0] } == [
                    .null, .null, .text("a"), .text(#"[1,{"x":2}]"#), .text("=1+1"), .null, .integer(5), .null,
                    .integer(-1),
                ])
            let stamp = try connection.prepare("SELECT value FROM _export WHERE name = 'position'")
            #expect(try stamp.step() && stamp[0] == .integer(9))
        }
    }

    @Test(arguments: ViewExport.Format.allCases)
    func `is not written from pages of two moments, and replaces nothing then`(format: ViewExport.Format) async throws {
        try await withPlace { path in
            try Data("before".utf8).write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: ViewExportError.self) {
                try await ViewExport(format, to: path).run(pages(movingAt: "2"))
            }
            #expect(error == .viewHasMoved)
            #expect(try text(path) == "before")
        }
    }

    @Test func `takes the place of nothing but a file`() async throws {
        try await withPlace { path in
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
            for format in ViewExport.Format.allCases {
                for place in [path, "", FileManager.default.temporaryDirectory.path] {
                    let error = await #expect(throws: ViewExportError.self) {
                        try await ViewExport(format, to: place).run(pages())
                    }
                    #expect(error == .noPlace(place))
                }
            }
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "/dev/null")
        }
    }

    @Test func `does not slip a new database under what somebody left of the old one`() async throws {
        try await withPlace { path in
            _ = try await ViewExport(.sqlite, to: path).run(pages())
            let before = FileManager.default.contents(atPath: path)
            for ending in ["-wal", "-journal"] {
                try Data("pages".utf8).write(to: URL(fileURLWithPath: path + ending))
                let error = await #expect(throws: ViewExportError.self) {
                    try await ViewExport(.sqlite, to: path).run(pages())
                }
                #expect(error == .inUse(path + ending))
                try FileManager.default.removeItem(atPath: path + ending)
            }
            #expect(FileManager.default.contents(atPath: path) == before)
        }
    }

    @Test(arguments: ViewExport.Format.allCases)
    func `leaves a file alone that is only called like one on its way`(format: ViewExport.Format) async throws {
        try await withPlace { path in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: path + ".new"))
            _ = try await ViewExport(format, to: path).run(pages())
            #expect(try text(path + ".new") == "mine")
            try FileManager.default.removeItem(atPath: path + ".new")
        }
    }

    @Test(arguments: ViewExport.Format.allCases)
    func `may be empty`(format: ViewExport.Format) async throws {
        try await withPlace { path in
            let count = try await ViewExport(format, to: path).run { _ in ["view": "v", "rows": [], "next": nil] }
            #expect(count == 0)
        }
    }
}
