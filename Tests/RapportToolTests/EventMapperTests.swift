import CanonicalJSON
import ImportMapping
import SeededRandom
import Testing

@Suite struct `A mapping` {
    @Test func `makes an event of a row`() throws {
        let lines = try events(
            of: [
                "type": "order.placed", "stream": "order-{no}", "id": "o{no}",
                "time": ["column": "day", "format": "date", "plus_ms": 5],
                "data": [
                    "order_id": "{no}", "total": ["integer": "sum", "scale": 100], "natural_person": false, "count": 3,
                    "placed_at": ["date_ms": "day"], "lines": [["line_id": "1"]], "day": ["day": "day"],
                ],
            ], csv: "no,day,sum\n7,1970-01-02,29.33\n")
        #expect(
            lines == [
                #"{"data":{"count":3,"day":"1970-01-02","lines":[{"line_id":"1"}],"natural_person":false,"#
                    + #""order_id":"7","placed_at":86400000,"total":2933},"id":"o7","source":"/t","specversion":"1.0","#
                    + #""subject":"order-7","time":"1970-01-02T00:00:00.005Z","type":"order.placed"}"#
            ])
    }

    @Test(arguments: [
        ("29.33", 100, 2933), ("-0.5", 100, -50), ("0.0", 1, 0), ("1.000", 1, 1), ("12", 1000, 12000),
        ("0.29", 100, 29), ("4.35", 100, 435), ("1.005", 1000, 1005), ("2.5", 2, 5),
        ("90071992547409.91", 100, 9_007_199_254_740_991), ("0000000000000000000000000000001", 1, 1),
    ])
    func `scales decimals exactly`(text: String, scale: Int64, expected: Int64) throws {
        let value = try field(["integer": "x", "scale": .integer(scale)], text)
        #expect(value == .integer(expected))
    }

    @Test(arguments: [
        "", "+1", "1.", ".5", "1e3", "1,000", " 1", "0x10", "1.005", "90071992547409.92", "-", "--1", "1.2.3", "１",
        "99999999999999999999999999999999999999999999999999",
    ])
    func `refuses what is not an exact amount`(text: String) {
        #expect(throws: RowError.self) { try field(["integer": "x", "scale": 100], text) }
    }

    @Test(arguments: [
        ("slug", "Darcel Schlecht", "darcel-schlecht"), ("slug", "  GTX (Pro) ", "gtx-pro"),
        ("slug", "李雷", "~674e~96f7"), ("group8", "dac32acd4db4c29c", "dac32acd-4db4c29c"), ("group8", "abc", "abc"),
        ("digits", "2016-10-20", "20161020"), ("lower", "ÄBC", "Äbc"), ("or:none|slug", "", "none"),
    ])
    func `makes ids with filters`(filter: String, text: String, expected: String) throws {
        #expect(try field(.text("{x|\(filter)}"), text) == .text(expected))
    }

    @Test func `leaves out, defaults and looks up`() throws {
        #expect(try field(["column": "x", "optional": true], "") == nil)
        #expect(try field(["column": "x", "default": "(missing)"], "") == "(missing)")
        #expect(try field(["column": "x", "lookup": ["Web": "web", "*": "other"]], "Fax") == "other")
        #expect(try field(["boolean": "x", "true": ["yes"], "false": ["no"]], "yes") == true)
        #expect(try field("{{literal}", "1") == "{literal}")
        #expect(throws: RowError(column: "x", problem: .empty)) { try field(["column": "x"], "") }
        #expect(throws: RowError(column: "x", problem: .notInLookup)) {
            try field(["column": "x", "lookup": ["a": "b"]], "c")
        }
        #expect(throws: RowError(column: "x", problem: .notABoolean)) {
            try field(["boolean": "x", "true": ["yes"], "false": ["no"]], "si")
        }
    }

    @Test(arguments: [
        ("date", "2024-02-29", 1_709_164_800_000), ("datetime", "2018-02-26 19:58:54", 1_519_675_134_000),
        ("datetime", "2018-02-26T19:58:54.5", 1_519_675_134_500), ("rfc3339", "1970-01-01T01:00:00+01:00", 0),
    ])
    func `reads times`(format: String, text: String, expected: Int64) throws {
        // Expected values: date --utc --date=… +%s
        #expect(try field(["date_ms": "x", "format": .text(format)], text) == .integer(expected))
    }

    @Test(arguments: [("date", "2023-02-29"), ("date", "1/2/2024"), ("datetime", "2018-02-26"), ("rfc3339", "noon")])
    func `refuses times of another format`(format: String, text: String) {
        #expect(throws: RowError(column: "x", problem: .notATime(format: format))) {
            try field(["date_ms": "x", "format": .text(format)], text)
        }
    }

    @Test func `makes an event once per value, before the first use of it`() throws {
        let ids = try run(Self.withAccounts, csv: "c,n\na,1\nb,2\na,3\n").map(id)
        #expect(ids == ["rule", "account-a", "order-1", "account-b", "order-2", "order-3"])
    }

    @Test func `refuses a row whose once-per event would differ`() throws {
        let mapping: JSON = [
            "mapping": 1, "source": "/t",
            "events": [
                [
                    "type": "t", "stream": "account-{c}", "id": "{c}", "once_per": "{c}",
                    "time": "2024-01-01T00:00:00Z",
                    "data": ["name": "{n}"],
                ]
            ],
        ]
        #expect(throws: RowError(column: "t", problem: .differsFromFirst)) { try run(mapping, csv: "c,n\na,1\na,2\n") }
    }

    @Test func `makes the same set of events of the rows in any order`() throws {
        var rows: [String] = []
        for number in 0..<200 { rows.append("c\(number % 7),\(number % 11)") }
        let expected = Set(try run(Self.numbered, csv: "c,n\n" + rows.joined(separator: "\n")))
        #expect(expected.count == 200 + 7)
        for seed in UInt64(1)...20 {
            var generator = SplitMix64(seed: seed)
            let shuffled = rows.shuffled(using: &generator).joined(separator: "\n")
            #expect(Set(try run(Self.numbered, csv: "c,n\n" + shuffled)) == expected, "seed \(seed)")
        }
    }

    @Test func `refuses a ragged row and remembers nothing of it`() throws {
        var mapper = try EventMapper(Mapping(Self.numbered), header: ["c", "n"])
        #expect(throws: RowError(column: "", problem: .ragged(found: 3, expected: 2))) {
            try mapper.events(of: CSVRecord(line: 2, fields: ["a", "1", "x"]))
        }
        #expect(throws: RowError.self) { try mapper.events(of: CSVRecord(line: 3, fields: ["a", ""])) }
        let made = try mapper.events(of: CSVRecord(line: 4, fields: ["a", "1"]))
        #expect(made.map { id(String(decoding: $0.bytes, as: UTF8.self)) } == ["account-a", "a-1-1"])
        #expect(made.map(\.line) == [4, 4])
    }

    @Test(
        arguments: [
            (["mapping": 2, "source": "/t", "events": []], "mapping"),
            (["mapping": 1, "source": "/t", "events": []], "events"),
            (["mapping": 1, "source": "/t", "event": []], ""),
            (
                ["mapping": 1, "source": "/t", "events": [["type": "t", "stream": "s-{x", "id": "1"]]],
                "events[0].stream"
            ),
            (
                ["mapping": 1, "source": "/t", "events": [["type": "t", "stream": "{x|trim}", "id": "1"]]],
                "events[0].stream"
            ),
        ] as [(JSON, String)])
    func `is refused with the place of its mistake`(json: JSON, path: String) {
        #expect { try Mapping(json) } throws: { ($0 as? MappingError)?.path == path }
    }

    @Test func `is refused when the file lacks a column or a name hides one`() throws {
        #expect(throws: MappingError.self) { try EventMapper(Mapping(Self.numbered), header: ["c"]) }
        #expect(throws: MappingError.self) { try EventMapper(Mapping(Self.numbered), header: ["c", "n", "order"]) }
        #expect(throws: MappingError.self) { try EventMapper(Mapping(Self.numbered), header: ["c", "n", "n"]) }
    }

    private static let account: JSON = [
        "type": "account.created", "stream": "account-{c}", "id": "account-{c}", "once_per": "{c}",
        "time": "2024-01-01T00:00:00Z", "data": ["account_id": "{c}"],
    ]

    private static let withAccounts: JSON = [
        "mapping": 1, "source": "/t",
        "prologue": [
            ["type": "rule.published", "stream": "rule-r", "id": "rule", "time": "2024-01-01T00:00:00Z", "data": [:]]
        ],
        "events": [
            account,
            [
                "type": "order.placed", "stream": "order-{n}", "id": "order-{n}", "time": "2024-01-02T00:00:00Z",
                "data": [:],
            ],
        ],
    ]

    private static let numbered: JSON = [
        "mapping": 1, "source": "/t", "let": ["order": "{c}-{n}-{#}"],
        "events": [
            account,
            [
                "type": "order.placed", "stream": "order-{order}", "id": "{order}", "time": "2024-01-02T00:00:00Z",
                "data": ["order_id": "{order}"],
            ],
        ],
    ]
}

/// The lines that a mapping of one event makes.
private func events(of event: JSON, csv: String) throws -> [String] {
    try run(["mapping": 1, "source": "/t", "events": [event]], csv: csv)
}

private func run(_ mapping: JSON, csv: String) throws -> [String] {
    var reader = CSVReader()
    let records = try reader.read(csv.utf8) + reader.finish()
    var mapper = try EventMapper(Mapping(mapping), header: #require(records.first).fields)
    var made = try mapper.prologue()
    for record in records.dropFirst() { made += try mapper.events(of: record) }
    return made.map { String(decoding: $0.bytes, as: UTF8.self) }
}

/// The value that one field gets from column `x`.
private func field(_ spec: JSON, _ text: String) throws -> JSON? {
    let event: JSON = [
        "type": "t", "stream": "s-1", "id": "1", "time": "2024-01-01T00:00:00Z", "data": ["value": spec],
    ]
    var mapper = try EventMapper(Mapping(["mapping": 1, "source": "/t", "events": [event]]), header: ["x"])
    let made = try mapper.events(of: CSVRecord(line: 2, fields: [text]))
    return try JSON(parsing: #require(made.first).bytes)["data"]?["value"]
}

private func id(_ line: String) -> String {
    (try? JSON(parsing: Array(line.utf8)))?["id"]?.text ?? ""
}
