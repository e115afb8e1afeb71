import CRMEvents
import EventLog
import EventModel
import EventServer
import EventTestKit
import Foundation
import Testing
import WireProtocol

@Suite(.serialized) struct `A connection` {
    @Test func `answers pipelined appends in order, as they were sent`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send(
                    (0..<1000).map { appendCommand("e\($0)", expecting: $0 == 0 ? "none" : "\($0 - 1)") })
                for index in 0..<1000 {
                    let reply = try #require(try await connection.reply())
                    let receipt = try #require(reply.elements?.first, "\(reply)")
                    #expect(
                        receipt["position"]?.integer == Int64(index) && receipt["revision"]?.integer == Int64(index))
                }
            }
            #expect(
                try running.log.events(from: .origin, count: 2000).map(\.content.key.id) == (0..<1000).map { "e\($0)" })
        }
    }

    @Test func `is told the types of events, as the catalog writes them`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send([
                    ["LOG.TYPES"], ["LOG.TYPES", "PREFIX", "contact."], ["LOG.TYPES", "TYPE", "contact.created"],
                    ["LOG.TYPES", "TYPE", "contact.creatd"],
                ])
                let all = try await connection.reply()
                #expect(all?.elements?.count == Catalog.standard.types.count)
                let contacts = try await connection.reply()
                #expect(
                    contacts?.elements?.map { $0["type"]?.text } == [
                        "contact.created", "contact.updated", "contact.linked", "contact.point_verified",
                    ])
                let reply = try await connection.reply()
                let created = try #require(reply?.elements?.first)
                let fields = created["fields"]?.elements?.compactMap(\.text) ?? []
                // As CATALOG.md 5.1 writes them.
                for field in ["contact_id:id!", "family_name:s!ᴾ", "email:sᴾ", "job_title:s", "birth_date:dᴾ"] {
                    #expect(fields.contains(field), "\(fields)")
                }
                #expect(created["stream"]?.text == "contact-{contact_id}" && created["purpose"]?.text == "identity")
                #expect(created["schema"]?.integer == 1 && created["subject"]?.text == "contact_id")
                let refusal = try await connection.reply()
                #expect(refusal?.isError == true)
            }
        }
    }

    @Test func `may put extensions into META, and nothing that the command or the server says`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                // The members of CATALOG.md section 1 that are no extension.
                let names = [
                    "id", "source", "type", "subject", "time", "dataschema", "actor", "correlation", "causation",
                    "reason", "expect", "position", "revision", "recorded", "data", "personal",
                ]
                try await connection.send(
                    names.map { appendCommand("m") + ["META", "{\"\($0)\":\"any\"}"] }
                        + [appendCommand("m") + ["META", #"{"channel":"web","step":3}"#]])
                for name in names {
                    let reply = try await connection.reply()
                    guard case .error(let code, let message)? = reply else {
                        Issue.record("'\(name)' was taken")
                        continue
                    }
                    #expect(code == "INVALIDEVENT" && message.hasPrefix("META has '\(name)'"))
                }
                let reply = try await connection.reply()
                #expect(reply?.elements?.first?["position"]?.integer == 0)
                let event = try #require(try running.log.events(from: .origin, count: 1).first)
                #expect(event.content.meta == Array(#"{"channel":"web","step":3}"#.utf8))
            }
        }
    }

    @Test func `reads its own appends in one pipeline`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                var commands: [[String]] = []
                for index in 0..<50 { commands += [appendCommand("e\(index)"), ["LOG.STREAM", "account-a1"]] }
                try await connection.send(commands)
                for index in 0..<50 {
                    let receipt = try await connection.reply()
                    #expect(receipt?.isError == false)
                    let state = try await connection.reply()
                    #expect(state?["revision"]?.integer == Int64(index))
                }
            }
        }
    }

    @Test func `answers everything that was sent before the peer stopped sending`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send((0..<1500).map { appendCommand("e\($0)") })
                connection.finishSending()
                let replies = try await connection.replies()
                #expect(replies.count == 1500)
                #expect(replies.allSatisfy { !$0.isError })
            }
        }
    }

    @Test func `takes commands in pieces of any size`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                for command in ["PI", "NG\r", "\nPING", " x\r\n"] {
                    try await connection.sendText(command)
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(try await connection.reply() == .simple("PONG"))
                #expect(try await connection.reply()?.text == "x")
            }
        }
    }

    @Test func `is closed after bytes that are no command, with a reason`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send([appendCommand("e0")])
                try await connection.sendText("*1\r\n$-5\r\n")
                let replies = try await connection.replies()
                #expect(replies.count == 2)
                #expect(replies.first?.isError == false && replies.last?.isError == true)
            }
        }
    }

    @Test func `keeps the order of one connection, whether its appends are small or large`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                func lines(_ range: Range<Int>) -> [String] {
                    ["LOG.INGEST"]
                        + range.map {
                            #"{"specversion":"1.0","id":"i\#($0)","source":"/t","type":"account.classified","#
                                + #""subject":"account-a1","data":{"scheme":"tier","value":"a"}}"#
                        }
                }
                let sizes = [1, 1, 200, 3, 64, 1, 63, 100, 1]
                var start = 0
                for size in sizes {
                    try await connection.send([lines(start..<start + size)])
                    start += size
                }
                var positions: [Int64] = []
                for reply in try await connection.replies(sizes.count) {
                    positions += (reply.elements ?? []).compactMap { $0["position"]?.integer }
                }
                #expect(positions == (0..<Int64(start)).map { $0 })
            }
        }
    }

    @Test func `refuses events that the catalog does not hold, and takes the next`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send([
                    [
                        "LOG.APPEND", "STREAM", "account-a1", "EXPECT", "any", "EVENT", "account.teleported", "{}",
                        "ID", "x1",
                    ],
                    [
                        "LOG.APPEND", "STREAM", "account-a1", "EXPECT", "any", "EVENT", "account.classified", "{}",
                        "ID", "x2",
                    ],
                    [
                        "LOG.APPEND", "STREAM", "account-a1", "EXPECT", "any", "EVENT", "account.classified", "{", "ID",
                        "x3",
                    ],
                    appendCommand("e0"),
                ])
                let replies = try await connection.replies(4)
                #expect(replies.map(\.errorCode) == ["UNKNOWNTYPE", "INVALIDEVENT", "INVALIDEVENT", nil])
            }
            #expect(running.log.end == Position(1))
        }
    }

    @Test func `takes an ingest line by line, refusing only what is refused`() async throws {
        func line(_ id: String, _ type: String = "account.classified") -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"/t","type":"\#(type)","subject":"account-a1","#
                + #""data":{"scheme":"tier","value":"a"}}"#
        }
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send([
                    ["LOG.INGEST", line("i1"), "nonsense", line("i1"), line("i2", "x.y"), line("i3")]
                ])
                let reply = try #require(try await connection.reply()?.elements)
                #expect(reply.map(\.errorCode) == [nil, "INVALIDEVENT", nil, "UNKNOWNTYPE", nil])
                #expect(reply[0]["position"]?.integer == 0 && reply[0]["duplicate"]?.boolean == false)
                #expect(reply[2]["position"]?.integer == 0 && reply[2]["duplicate"]?.boolean == true)
                #expect(reply[4]["position"]?.integer == 1)
            }
        }
    }
}

@Suite(.serialized) struct `A server that watches the pace` {
    /// A tick of 10 ms makes seconds of the rules short.
    @Test func `closes a connection that asks nothing, and no other`() async throws {
        try await withServer(tick: .milliseconds(10)) { running async throws in
            try await RawConnection.with(running.socketPath) { waiting async throws in
                try await waiting.send([["LOG.READ", "ALL", "BLOCK", "1500"]])
                try await RawConnection.with(running.socketPath) { idle async throws in
                    #expect(try await idle.replies().isEmpty)
                }
                #expect(try await waiting.reply()?.elements?.isEmpty == true, "a read that blocks is not idle")
            }
        }
    }

    @Test func `tells a sender that a command comes too slowly`() async throws {
        try await withServer(tick: .milliseconds(10)) { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.sendText("*2\r\n$4\r\nPI")
                let replies = try await connection.replies()
                #expect(replies.count == 1 && replies.first?.errorCode == "LIMIT")
            }
        }
    }
}

@Suite(.serialized) struct `A server` {
    @Test func `takes one backup at a time, and says what it holds`() async throws {
        let elsewhere = try TemporaryDirectory()
        try await withServer { running async throws in
            let path = elsewhere.path + "/copy"
            try await RawConnection.with(running.socketPath) { connection async throws in
                try await connection.send([appendCommand("e0"), ["ADMIN.BACKUP", path], ["ADMIN.STATUS"]])
                let replies = try await connection.replies(3)
                #expect(replies[1]["events"]?.integer == 1 && replies[1]["path"]?.text == path)
                #expect(replies[2]["durability"]?.text == "synced before the acknowledgement")
                #expect(replies[2]["log"]?["recorded_ahead_ms"]?.integer == 0)
                let disk = try #require(replies[2]["log"]?["disk_free_bytes"]?.integer)
                #expect(try disk > #require(replies[2]["log"]?["disk_reserve_bytes"]?.integer))
            }
        }
    }

    @Test func `seals when it is told to, and says what the log uses`() async throws {
        try await withServer { running async throws in
            try await RawConnection.with(running.socketPath) { connection async throws in
                let appends = (0..<64).map { appendCommand("e\($0)") }
                try await connection.send(appends + [["ADMIN.STATUS"], ["ADMIN.SEAL"]])
                let replies = try await connection.replies(66)
                #expect(replies[64]["log"]?["sealed_events"]?.integer == 0)
                #expect(replies[65]["sealed_events"]?.integer == 64 && replies[65]["unsealed_bytes"]?.integer == 0)
                #expect(replies[65]["sealing_failure"] == .null && replies[65]["events"]?.integer == 64)
            }
        }
    }

    @Test(arguments: ["0.0.0.0", "192.168.1.1", "::", "example.com", "127.1", "127.0.0.1.example.com", ""])
    func `binds loopback only`(host: String) async {
        let error = await #expect(throws: BindError.self) { try await ServerUnderTest(tcp: (host, 0)) }
        #expect(error?.host == host && error?.code == .noPermission)
    }

    @Test func `listens on a free port of loopback, too`() async throws {
        let running = try await ServerUnderTest(tcp: ("127.0.0.1", 0))
        #expect(running.server.tcpPort ?? 0 > 0)
        await running.server.stop()
        running.log.close()
    }

    @Test func `answers what was read when it stops, and closes`() async throws {
        let running = try await ServerUnderTest()
        try await RawConnection.with(running.socketPath) { connection async throws in
            try await connection.send((0..<200).map { appendCommand("e\($0)") })
            // The first answer says that the server has read the pipeline.
            var answeredCount = try await connection.reply() == nil ? 0 : 1
            async let stopped: Void = running.server.stop()
            while let reply = try await connection.reply() {
                #expect(!reply.isError)
                answeredCount += 1
            }
            await stopped
            #expect(running.log.end.index == UInt64(answeredCount), "what was recorded was answered")
            #expect(answeredCount > 0)
        }
        await #expect(throws: (any Error).self) {
            try await RawConnection.with(running.socketPath) { _ in }
        }
        running.log.close()
    }

    /// 250 pages of about 1 MiB, asked for by somebody who reads none of them; other suites run beside this one, so
    /// the bound is a wide one.
    @Test func `does not hold the pages of a reader that does not read`() async throws {
        try await withServer { running async throws in
            for index in 0..<6 {
                _ = try await running.log.append([
                    StreamAppend(
                        [Proposal.classified(dataByteCount: 200_000, id: "e\(index)")], to: .account("a1"),
                        expecting: .any)
                ])
            }
            try await RawConnection.with(running.socketPath) { connection async throws in
                let before = residentByteCount()
                try await connection.send(Array(repeating: ["LOG.READ", "ALL"], count: 250))
                try await Task.sleep(for: .seconds(2))
                #expect(residentByteCount() - before < 150 << 20)
                for _ in 0..<250 {
                    let page = try await connection.reply()
                    #expect(page?.elements?.count == 5)
                }
            }
        }
    }

    /// 800 echoes of half a megabyte. They are answered on the spot, so only the socket's own limit can hold them back.
    @Test func `does not hold the echoes of a sender that does not read`() async throws {
        try await withServer { running async throws in
            let before = residentByteCount()
            let payload = String(repeating: "x", count: 500_000)
            try await RawConnection.with(running.socketPath) { connection async throws in
                let sender = connection.sender
                let sending = Task {
                    for _ in 0..<800 { try await sender(["PING", payload]) }
                }
                try await Task.sleep(for: .seconds(2))
                #expect(residentByteCount() - before < 150 << 20)
                for _ in 0..<800 {
                    let reply = try await connection.reply()
                    #expect(reply?.bytes?.count == payload.utf8.count)
                }
                try await sending.value
            }
        }
    }
}

/// Bytes of this process in memory, as the kernel counts them.
private func residentByteCount() -> Int {
    let words = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) * 4096 : 0
}

extension RESPValue {
    /// The code of an error; `nil` for any other reply.
    fileprivate var errorCode: String? {
        guard case .error(let code, _) = self else { return nil }
        return code
    }
}
