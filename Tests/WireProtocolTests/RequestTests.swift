import EventModel
import Testing
import WireProtocol

@Suite struct `Requests about the log` {
    private let account: StreamName
    private let deal: StreamName

    init() throws {
        account = try StreamName("account-42")
        deal = try StreamName("opportunity-7")
    }

    @Test func `an append names streams, expectations and events`() throws {
        let request = try Request.parse(
            line(
                """
                log.append STREAM account-42 EXPECT none EVENT account.created {"a":1} ID e1 SOURCE /crm/web \
                TIME 2026-01-05T09:30:00Z META {} ACTOR user:u7 CORRELATION c1 CAUSATION c0 REASON import SCHEMA 2 \
                EVENT account.updated {} stream opportunity-7 expect 3 event opportunity.won {} time 1700000000000
                """))
        var created = EventDraft(type: "account.created", data: bytes(#"{"a":1}"#))
        created.id = "e1"
        created.source = "/crm/web"
        created.time = Timestamp("2026-01-05T09:30:00Z")
        created.meta = bytes("{}")
        created.actor = "user:u7"
        created.correlation = "c1"
        created.causation = "c0"
        created.reason = "import"
        created.schema = 2
        var won = EventDraft(type: "opportunity.won", data: bytes("{}"))
        won.time = Timestamp(milliseconds: 1_700_000_000_000)
        let drafts = [
            StreamDraft(
                [created, EventDraft(type: "account.updated", data: bytes("{}"))], to: account, expecting: .noStream),
            StreamDraft([won], to: deal, expecting: .exactly(Revision(3))),
        ]
        #expect(request == .log(.append(AppendDraft(drafts))))
        #expect(request.isAppend)
        let written = Command([bytes("LOG.APPEND")] + drafts.flatMap(\.arguments), byteCount: 0)
        #expect(try Request.parse(written) == request)
    }

    private func wire(_ draft: AppendDraft) -> Command {
        Command([bytes("LOG.APPEND")] + draft.arguments, byteCount: 0)
    }

    @Test func `an append may name what must not have happened`() throws {
        let text =
            "LOG.APPEND STREAM account-42 EXPECT any EVENT t {} unless TYPES a.b,a.c TERMS account:42 OR TERMS owner:u7 "
            + "AFTER 17"
        let query = EventQuery([.init(types: ["a.b", "a.c"], terms: ["account:42"]), .init(terms: ["owner:u7"])])
        let event = EventDraft(type: "t", data: bytes("{}"))
        var draft = AppendDraft([StreamDraft([event], to: account, expecting: .any)])
        draft.condition = AppendCondition(unless: query, after: Position(17))
        #expect(try Request.parse(line(text)) == .log(.append(draft)))
        #expect(try Request.parse(wire(draft)) == .log(.append(draft)))
        draft.condition?.after = nil
        let withoutAfter = String(text.prefix(text.count - " AFTER 17".count))
        #expect(try Request.parse(line(withoutAfter)) == .log(.append(draft)))
        #expect(try Request.parse(wire(draft)) == .log(.append(draft)))
    }

    @Test(arguments: [
        "UNLESS", "UNLESS AFTER 1", "UNLESS TYPES", "UNLESS TYPES a OR", "UNLESS TYPES a AFTER",
        "UNLESS TYPES a AFTER x", "UNLESS TYPES a AFTER 1 AFTER 2", "UNLESS TYPES a UNLESS TYPES b",
        "UNLESS TYPES a STREAM b EXPECT any EVENT t {}",
        "UNLESS TYPES a COUNT 1", "UNLESS TYPES a,,b", "AFTER 1",
    ])
    func `a condition that breaks the grammar shows it`(_ condition: String) throws {
        let error = try #require(requestError(line("LOG.APPEND STREAM account-42 EXPECT any EVENT t {} " + condition)))
        #expect(error.code == .syntax)
        #expect(error.description.contains("Write it as: LOG.APPEND"))
        #expect(requestError(line("LOG.APPEND UNLESS TYPES a AFTER 1 STREAM s EXPECT any"))?.code == .syntax)
    }

    @Test func `JSON that looks like a word of the grammar stays JSON`() throws {
        let request = try Request.parse(line("LOG.APPEND STREAM account-42 EXPECT any EVENT STREAM EVENT META ID"))
        var event = EventDraft(type: "STREAM", data: bytes("EVENT"))
        event.meta = bytes("ID")
        #expect(request == .log(.append(AppendDraft([StreamDraft([event], to: account, expecting: .any)]))))
    }

    @Test(arguments: [
        "LOG.APPEND STREAM account-42 EXPECT any EVENT t",
        "LOG.APPEND STREAM account-42 EVENT t {} ID a ID",
        "LOG.APPEND STREAM account-42 EXPECT sometimes EVENT t {}",
        "LOG.APPEND STREAM account-42 EXPECT -1 EVENT t {}",
        "LOG.APPEND STREAM account-42 EXPECT 18446744073709551616 EVENT t {}",
        "LOG.APPEND STREAM account-42 EXPECT any EVENT t {} ID a ID b",
        "LOG.APPEND STREAM account-42 EXPECT any EVENT t {} ID",
        "LOG.APPEND STREAM account-42 EXPECT any EVENT t {} TIME yesterday",
        "LOG.APPEND STREAM account-42 EXPECT any EVENT t {} SCHEMA 0",
        "LOG.APPEND STREAM account-42 EXPECT any EVENT t {} COLOUR red",
        "LOG.APPEND STREAM account-42 EXPECT any STREAM account-43 EXPECT any",
        "LOG.APPEND EVENT t {} STREAM account-42 EXPECT any EVENT",
    ])
    func `an append that breaks the grammar shows it`(_ text: String) throws {
        let error = try #require(requestError(line(text)))
        #expect(error.code == .syntax)
        #expect(error.description.contains("Nothing was done. Write it as: LOG.APPEND (STREAM name EXPECT any|none|"))
    }

    @Test func `an append may hold 1024 events and not one more`() throws {
        let event = ["EVENT", "t", "{}"]
        let head = ["LOG.APPEND", "STREAM", "account-42", "EXPECT", "any"]
        #expect(throws: Never.self) {
            try Request.parse(command(head + (0..<1024).flatMap { _ in event }))
        }
        #expect(
            requestError(command(head + (0..<1025).flatMap { _ in event }))
                == .pastLimit(what: "events or more", count: 1025, limit: 1024))
        #expect(requestError(command(["LOG.INGEST"] + Array(repeating: "{}", count: 1025)))?.code == .limit)
    }

    @Test func `texts are UTF-8 without control characters, and bounded`() throws {
        let head = ["LOG.APPEND", "STREAM", "account-42", "EXPECT", "any", "EVENT", "t", "{}", "ACTOR"]
        #expect(throws: Never.self) { try Request.parse(command(head + [String(repeating: "a", count: 128)])) }
        #expect(requestError(command(head + [String(repeating: "a", count: 129)]))?.code == .limit)
        #expect(requestError(command(head + ["a\r\nb"]))?.code == .syntax)
        let arguments = head.map(bytes) + [[0xFF, 0xFE]]
        #expect(requestError(Command(arguments, byteCount: 0))?.code == .syntax)
    }

    @Test func `names that are not allowed are never repeated`() throws {
        let error = try #require(requestError(line("LOG.STREAM jane@example.com")))
        #expect(error.code == .invalidEvent)
        #expect(!error.description.contains("jane"))
        let unknown = try #require(requestError(line("jane@example.com")))
        #expect(!unknown.description.contains("jane"))
    }

    @Test func `a read takes its options in any order`() throws {
        let all = ReadRequest(.all, from: 5, count: 10)
        #expect(
            try Request.parse(line("LOG.READ ALL BLOCK 500 COUNT 10 FROM 5"))
                == .log(.read(PageRequest(all, blockMilliseconds: 500))))
        let written = PageRequest(all, blockMilliseconds: 500).command
        #expect(written == ["LOG.READ", "ALL", "FROM", "5", "COUNT", "10", "BLOCK", "500"].map(bytes))
        let backward = ReadRequest(.stream(account), direction: .backward)
        #expect(try Request.parse(line("log.read stream account-42 backward")) == .log(.read(PageRequest(backward))))
        #expect(try Request.parse(line("LOG.STREAM account-42")) == .log(.stream(account)))
        #expect(try Request.parse(line("log.types")) == .log(.types(.all)))
        #expect(try Request.parse(line("LOG.TYPES PREFIX order.")) == .log(.types(.prefix("order."))))
        #expect(try Request.parse(line("LOG.TYPES type order.placed")) == .log(.types(.type("order.placed"))))
        #expect(requestError(line("LOG.TYPES order.placed"))?.code == .syntax)
        #expect(requestError(line("LOG.TYPES TYPE"))?.code == .syntax)
        #expect(requestError(line("LOG.TYPES TYPE a PREFIX b"))?.code == .syntax)
        #expect(try Request.parse(line("LOG.INGEST {} []")) == .log(.ingest([bytes("{}"), bytes("[]")])))
    }

    @Test func `a read is bounded by when events were written and when they happened`() throws {
        let (from, until) = (Timestamp("2026-01-05T09:30:00Z"), Timestamp(milliseconds: 1_800_000_000_000))
        var read = ReadRequest(.all)
        read.recorded = TimeRange(from: from, until: until)
        read.time = TimeRange(until: until)
        let text = "LOG.READ ALL RECORDED 2026-01-05T09:30:00Z 1800000000000 TIME - 1800000000000"
        #expect(try Request.parse(line(text)) == .log(.read(PageRequest(read))))
        #expect(try Request.parse(Command(PageRequest(read).command, byteCount: 0)) == .log(.read(PageRequest(read))))
        var query = ReadRequest(.query(EventQuery([.init(types: ["a"])])))
        query.recorded = TimeRange(from: until)
        #expect(
            try Request.parse(line("LOG.QUERY RECORDED 1800000000000 + TYPES a")) == .log(.read(PageRequest(query))))
        #expect(try Request.parse(Command(PageRequest(query).command, byteCount: 0)) == .log(.read(PageRequest(query))))
        #expect(try Request.parse(line("LOG.READ ALL TIME - +")) == .log(.read(PageRequest(ReadRequest(.all)))))
    }

    @Test func `a query joins items by OR`() throws {
        let query = EventQuery([
            .init(types: ["a.b", "a.c"], terms: ["account:42"]), .init(terms: ["owner:u7", "campaign:3"]),
            .init(types: ["x.y"]),
        ])
        let page = PageRequest(ReadRequest(.query(query), count: 7))
        let text = "LOG.QUERY TYPES a.b,a.c TERMS account:42 OR TERMS owner:u7,campaign:3 OR TYPES x.y COUNT 7"
        #expect(try Request.parse(line(text)) == .log(.read(page)))
        #expect(page.command == text.split(separator: " ").map { bytes(String($0)) })
    }

    @Test(arguments: [
        "LOG.READ account-42", "LOG.READ ALL FROM", "LOG.READ ALL FROM x", "LOG.READ ALL FROM 1 FROM 2",
        "LOG.READ ALL COUNT 0", "LOG.READ ALL COUNT 4097", "LOG.READ ALL BLOCK 60001", "LOG.READ ALL BACKWARD BLOCK 1",
        "LOG.READ ALL SIDEWAYS", "LOG.QUERY COUNT 1", "LOG.QUERY TYPES a OR", "LOG.QUERY OR TYPES a",
        "LOG.QUERY TYPES a TYPES b", "LOG.QUERY TYPES a,,b", "LOG.QUERY TERMS ,",
        "LOG.READ ALL FROM 18446744073709551616", "LOG.READ ALL TIME 1", "LOG.READ ALL TIME + -",
        "LOG.READ ALL RECORDED 2 1", "LOG.READ ALL RECORDED 1 1", "LOG.READ ALL TIME - + TIME - +",
        "LOG.READ ALL RECORDED yesterday +",
    ])
    func `a read that breaks the grammar shows it`(_ text: String) throws {
        let error = try #require(requestError(line(text)))
        #expect(error.code == .syntax)
        #expect(error.description.contains(". Nothing was done. Write it as: LOG."))
    }

    @Test func `bounds of reads are accepted at the bound`() throws {
        #expect(throws: Never.self) {
            try Request.parse(line("LOG.READ ALL COUNT 4096 BLOCK 60000 FROM 18446744073709551615"))
        }
        let terms = (0..<32).map { "t:\($0)" }.joined(separator: ",")
        #expect(throws: Never.self) { try Request.parse(line("LOG.QUERY TERMS \(terms)")) }
        #expect(requestError(line("LOG.QUERY TERMS \(terms),t:x"))?.code == .limit)
    }
}

@Suite struct `Requests about views and the connection` {
    @Test func `views are asked at a position and as of a time`() throws {
        let options = ViewOptions(
            at: Position(9), asOf: Timestamp("2026-01-05T09:30:00Z"), parameters: bytes(#"{"limit":5}"#))
        let words = #"AT 9 ASOF 2026-01-05T09:30:00Z WITH {"limit":5}"#
        #expect(
            try Request.parse(line("VIEW.GET customer-360 account-1 \(words)"))
                == .view(.get(view: "customer-360", key: "account-1", options)))
        #expect(
            try Request.parse(line("VIEW.WHY v k commerce.revenue \(words)"))
                == .view(.why(view: "v", key: "k", field: "commerce.revenue", options)))
        #expect(try Request.parse(line("VIEW.SCAN v \(words)")) == .view(.scan(view: "v", options)))
        #expect(try Request.parse(line("view.report v")) == .view(.report(view: "v", ViewOptions())))
        #expect(try Request.parse(line("VIEW.LIST")) == .view(.list))
        #expect(try Request.parse(line("ADMIN.STATUS")) == .admin(.status))
        #expect(
            try Request.parse(line("VIEW.WAIT v 9 60000"))
                == .view(.wait(view: "v", position: Position(9), milliseconds: 60_000)))
        let written = Command([bytes("VIEW.SCAN"), bytes("v")] + options.arguments, byteCount: 0)
        #expect(try Request.parse(written) == .view(.scan(view: "v", options)))
    }

    @Test(arguments: [
        "VIEW.GET v", "VIEW.GET v k AT", "VIEW.GET v k AT x", "VIEW.GET v k AT 1 AT 2", "VIEW.SCAN v ASOF 2026-01-05",
        "VIEW.WHY v k", "VIEW.SCAN v LIMIT 5", "VIEW.WAIT v 9", "VIEW.WAIT v 9 60001", "VIEW.LIST v", "ADMIN.STATUS x",
        "PING a b",
        "SELECT 1", "CLIENT", "CLIENT KILL", "CLIENT TRACKING ON", "CLIENT SETINFO LIB-COLOUR x", "CLIENT ID x",
        "COMMAND GETKEYS", "QUIT now", "HELLO 3 NAME x",
    ])
    func `what breaks the grammar shows it`(_ text: String) throws {
        let error = try #require(requestError(line(text)))
        #expect(error.code == .syntax)
        #expect(error.description.contains(". Nothing was done. Write it as: "))
    }

    @Test func `what client libraries send on connect is understood`() throws {
        let lines = [
            "HELLO 3", "HELLO 2 SETNAME x", "HELLO", "CLIENT SETINFO LIB-NAME redis-py", "client setinfo lib-ver 5.0.1",
            "CLIENT SETNAME worker", "CLIENT GETNAME", "CLIENT ID", "CLIENT INFO", "CLIENT NO-EVICT on",
            "CLIENT TRACKING off", "COMMAND", "COMMAND DOCS", "COMMAND DOCS log.append nothing", "COMMAND COUNT",
            "COMMAND INFO get log.read", "SELECT 0", "PING", "PING hello", "INFO", "INFO server clients", "QUIT",
        ]
        for text in lines { #expect(requestError(line(text)) == nil, "\(text)") }
    }

    @Test func `authentication and other versions are refused in words`() {
        #expect(requestError(line("AUTH user secret")) == .authentication)
        #expect(requestError(line("HELLO 3 AUTH user secret")) == .authentication)
        #expect(requestError(line("HELLO 4")) == .unsupportedVersion)
        #expect(requestError(line("GET x")) == .unknownCommand)
        #expect(requestError(Command([], byteCount: 4)) == .unknownCommand)
        #expect(RequestError.authentication.description.contains("security release"))
    }
}

@Suite struct `Requests about the server` {
    @Test func `a backup names an absolute path, and a sealing nothing`() throws {
        #expect(try Request.parse(line("admin.backup /srv/b")) == .admin(.backup(path: "/srv/b")))
        for text in ["ADMIN.BACKUP", "ADMIN.BACKUP b", "ADMIN.BACKUP ../b", "ADMIN.BACKUP /a /b"] {
            #expect(requestError(line(text))?.code == .syntax)
        }
        #expect(try Request.parse(line("admin.seal")) == .admin(.seal))
        #expect(requestError(line("ADMIN.SEAL now"))?.code == .syntax)
        let long = Command([bytes("ADMIN.BACKUP"), bytes("/" + String(repeating: "x", count: 4095))], byteCount: 0)
        #expect(requestError(long)?.code == .limit)
    }
}

@Suite struct `The table of commands` {
    @Test func `is listed by COMMAND and COMMAND DOCS`() throws {
        #expect(CommandDoc.all.map(\.name) == CommandName.allCases)
        let all = try #require(CommandCatalogRequest.all.reply.elements)
        #expect(CommandCatalogRequest.count.reply == .integer(Int64(all.count)))
        let append = try #require(all.first { $0.elements?.first?.text == "log.append" }?.elements)
        #expect(append.count == 10)
        #expect(append[1] == .integer(-8))
        let docs = CommandCatalogRequest.docs([.logRead]).reply
        #expect(docs["log.read"]?["since"]?.text == "0.1")
        #expect(docs["log.read"]?["group"]?.text == "log")
        #expect(docs.entries?.count == 1)
        #expect(CommandCatalogRequest.info([nil, .ping]).reply.elements?.first == .null)
    }

    @Test(arguments: CommandName.allCases) func `is written in one style`(_ name: CommandName) {
        let doc = name.doc
        #expect(!doc.summary.isEmpty && !doc.summary.hasSuffix("."))
        #expect(doc.usage.hasPrefix(name.rawValue))
        #expect(CommandName(bytes(name.rawValue.lowercased())) == name)
        #expect(["connection", "log", "view", "admin"].contains(doc.group))
    }
}
