import CanonicalJSON
import CloudEvents
import EventClient
import EventModel
import Testing
import WireProtocol

@Suite struct `Addresses of servers` {
    @Test func `are sockets in the file system or hosts with a port`() throws {
        #expect(try Address("unix:/run/rapport.sock") == .unixSocket("/run/rapport.sock"))
        #expect(try Address("./rapport.sock") == .unixSocket("./rapport.sock"))
        #expect(try Address("localhost:6380") == .tcp(host: "localhost", port: 6380))
        #expect(try Address("[::1]:6380") == .tcp(host: "::1", port: 6380))
        #expect(try Address("[::1]:6380").description == "[::1]:6380")
    }

    @Test(arguments: ["", "localhost", ":6380", "localhost:0", "localhost:65536", "::1:6380", "unix:", "[]:1"])
    func `of another form are refused`(_ text: String) {
        #expect(throws: ConnectError.badAddress) { try Address(text) }
    }
}

@Suite struct `A client` {
    private let account: StreamName
    private let event: RecordedEvent

    init() throws {
        account = try StreamName("account-42")
        let content = EventContent(
            type: "account.created", key: EventKey(source: "/crm", id: "e1"), actor: "user:u7",
            data: Array(#"{"account_id":"42"}"#.utf8))
        event = RecordedEvent(
            position: Position(8), stream: account, revision: Revision(2),
            time: Timestamp(milliseconds: 1_767_605_400_000),
            recorded: Timestamp(milliseconds: 1_767_605_400_123), content: content)
    }

    private func ask<Result>(
        _ script: @escaping ScriptedSession.Script, _ body: (EventClient) async throws -> Result
    ) async throws -> Result {
        try await withServer(script) { address in
            try await EventClient.withConnection(to: try Address(address), body)
        }
    }

    @Test func `appends and understands the receipts`() async throws {
        let proposal = ProposedEvent(event.content, time: event.time)
        let condition = AppendCondition(unless: EventQuery([.init(types: ["a.b"])]), after: Position(7))
        let receipt = try await ask { request in
            guard case .log(.append(let append)) = request, let draft = append.streams.first,
                let event = draft.events.first, append.streams.count == 1, append.condition == condition,
                event.id == "e1", event.source == "/crm", event.actor == "user:u7",
                event.meta == nil,
                event.time == Timestamp(milliseconds: 1_767_605_400_000), draft.expecting == .exactly(Revision(1))
            else { return nil }
            return .array([
                .fields([
                    "stream": .text(draft.stream.text), "position": .integer(8), "revision": .integer(2),
                    "duplicate": .boolean(true),
                ])
            ])
        } _: { client in
            try await client.append([proposal], to: account, expecting: .exactly(Revision(1)), unless: condition)
        }
        #expect(
            receipt == AppendReceipt(stream: account, position: Position(8), revision: Revision(2), isDuplicate: true))
    }

    @Test func `tells refusals, unknown outcomes and requests that are too large apart`() async throws {
        let words = "stream 'account-42' is at revision 9, not 7. Nothing was written. Decide again."
        let proposal = ProposedEvent(event.content)
        try await ask { request in
            guard case .log(.append(let append)) = request else { return nil }
            switch append.streams.first?.expecting {
            case .noStream: return .error(code: "WRONGREVISION", message: words)
            case .streamExists: return .refusal(AppendError.outcomeUnknown("the disk's sync failed"))
            default: return nil
            }
        } _: { client in
            await #expect(throws: AppendError.refused(.wrongRevision, words)) {
                try await client.append([proposal], to: account, expecting: .noStream)
            }
            await #expect(throws: AppendError.outcomeUnknown("the disk's sync failed")) {
                try await client.append([proposal], to: account, expecting: .streamExists)
            }
            await #expect(throws: AppendError.empty) { try await client.append([], to: account, expecting: .any) }
            var large = proposal
            large.content.data = [UInt8](repeating: 0x20, count: Limits.requestByteCountMax)
            do throws(AppendError) {
                _ = try await client.append([large], to: account, expecting: .any)
                Issue.record("a request past the bound was sent")
            } catch { #expect(error.code == .tooLarge) }
            await #expect(throws: AppendError.outcomeUnknown("the server closed the connection")) {
                try await client.append([proposal], to: account, expecting: .any)
            }
            await #expect(throws: AppendError.outcomeUnknown("the connection is closed")) {
                try await client.append([proposal], to: account, expecting: .any)
            }
            await #expect(throws: ReadError.connection("the connection is closed")) { try await client.stream(account) }
        }
    }

    @Test func `reads recorded events and pages`() async throws {
        let event = self.event
        try await ask { request in
            switch request {
            case .log(.read(let page)) where page.blockMilliseconds == 50: .array([])
            case .log(.read(let page)) where page.read == ReadRequest(.all, from: 8, count: 3):
                .array([.bulk(CloudEvent.write(event))])
            case .log(.stream(let name)) where name == event.stream:
                .fields([
                    "stream": .text(name.text), "revision": .integer(2), "first": .integer(1), "last": .integer(8),
                ])
            case .log(.stream): .null
            default: .array([.bulk(Array("{}".utf8))])
            }
        } _: { client in
            try await #expect(client.read(ReadRequest(.all, from: 8, count: 3)) == [event])
            try await #expect(client.follow(ReadRequest(.all, from: 9), waitingMilliseconds: 50) == [])
            let state = StreamState(revision: Revision(2), first: Position(1), last: Position(8))
            try await #expect(client.stream(account) == state)
            try await #expect(client.stream(StreamName("account-43")) == nil)
            await #expect(throws: ReadError.connection("the server's answer was not understood")) {
                try await client.read(ReadRequest(.stream(account)))
            }
            let comma = EventQuery([.init(types: ["a,b"])])
            await #expect(throws: ReadError.self) { try await client.read(ReadRequest(.query(comma))) }
        }
    }

    @Test func `ingests lines and gets an answer for each`() async throws {
        try await ask { request in
            guard case .log(.ingest(let lines)) = request, lines.count == 2 else { return nil }
            return .array([
                .fields(["position": .integer(5), "duplicate": .boolean(false)]),
                .error(code: "INVALIDEVENT", message: "one. two. three."),
            ])
        } _: { client in
            let results = try await client.ingest(lines: [Array("{}".utf8), Array("[]".utf8)])
            #expect(
                results == [
                    .success(IngestReceipt(position: Position(5), isDuplicate: false)),
                    .failure(.refused(.invalidEvent, "one. two. three.")),
                ])
            try await #expect(client.ingest(lines: []) == [])
        }
    }

    @Test func `asks views`() async throws {
        try await ask { request in
            switch request {
            case .view(.get(view: "v", key: "k", let options)) where options.at == Position(3): .text(#"{"a":1}"#)
            case .view(.get): .null
            case .view(.report): .error(code: "STRANGE", message: "a. b. c.")
            case .view(.wait(_, let position, let milliseconds)): milliseconds > 0 ? .position(position) : .null
            case .admin(.status): .fields(["position": .integer(3)])
            default: nil
            }
        } _: { client in
            try await #expect(client.row("k", of: "v", ViewOptions(at: Position(3))) == ["a": 1])
            try await #expect(client.row("k", of: "v") == nil)
            await #expect(throws: ReadError.refused(.unavailable, "STRANGE a. b. c.")) { try await client.report("v") }
            try await #expect(client.wait(for: "v", toReach: Position(3), milliseconds: 10) == Position(3))
            try await #expect(client.wait(for: "v", toReach: Position(3), milliseconds: 0) == nil)
            try await #expect(client.status()["position"] == .integer(3))
            try await #expect(client.command([Array("NONSENSE".utf8)]) == .refusal(RequestError.unknownCommand))
        }
    }

    @Test func `pipelines the commands of many tasks and gives each its own answer`() async throws {
        try await ask { request in
            guard case .log(.read(let page)) = request else { return nil }
            return .error(code: "BUSY", message: "\(page.read.from ?? 0)")
        } _: { client in
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<500 as Range<UInt64> {
                    group.addTask {
                        do throws(ReadError) {
                            _ = try await client.read(ReadRequest(.all, from: number))
                            return false
                        } catch { return error == .refused(.busy, "\(number)") }
                    }
                }
                for await isOwn in group { #expect(isOwn) }
            }
        }
    }

    @Test func `says that nobody listens`() async throws {
        let address = Address.unixSocket("/tmp/no-such-socket-of-rapport")
        do {
            try await EventClient.withConnection(to: address) { _ in }
            Issue.record("connected to nothing")
        } catch let error as ConnectError {
            #expect(error.isRetryable)
            #expect(error.description.hasPrefix("no server answers at unix:/tmp/no-such-socket-of-rapport: "))
            #expect(error.description.hasSuffix(". Nothing was sent. Start rapportd there, or name another address."))
            print(error)
        }
    }
}
