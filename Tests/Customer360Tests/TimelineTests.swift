import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import Customer360

@Suite struct `Timeline` {
    /// 200 events of account 42: calls at even positions, page views at odd ones, so four chunks.
    private var longHistory: History {
        var history = History()
        for number in 0..<200 {
            if number.isMultiple(of: 2) {
                history.talk("i\(number)", with: ["account-42"], by: number.isMultiple(of: 10) ? "visit" : "call")
            } else {
                history.visit("account-42", by: "account-42")
            }
        }
        return history
    }

    /// Every position of a customer's timeline, page by page.
    private func walk(
        _ customers: Customers, _ key: String, _ parameters: JSON.Members = [:]
    ) async throws -> (positions: [Int64], pages: Int) {
        var parameters = parameters
        var positions: [Int64] = []
        for page in 1...1000 {
            let customer = try #require(try await customers.customer(key, .object(parameters)))
            positions += customer.positions
            guard let next = customer.at("timeline.next")?.integer else { return (positions, page) }
            parameters["before"] = .integer(next)
        }
        Issue.record("the timeline does not end")
        return (positions, 1000)
    }

    @Test func `an entry tells what, when, where and by which channel`() async throws {
        var history = History()
        history.talk("i1", with: ["account-42"], by: "wechat", minute: 3)
        history.visit("x", by: "account-42", minute: 1)
        history.mail("i1", reaches: "account-42", minute: 4)
        let customer = try #require(try await Customers(history).customer("42"))
        #expect(
            customer["timeline"] == [
                "entries": [
                    [
                        "position": 2, "time_ms": .integer(History.minute(4)), "type": "email.engaged",
                        "channel": "email", "stream": "interaction-i1", "personal": .null,
                    ],
                    [
                        "position": 1, "time_ms": .integer(History.minute(1)), "type": "behavior.tracked",
                        "channel": .null, "stream": "behavior-x", "personal": .null,
                    ],
                    [
                        "position": 0, "time_ms": .integer(History.minute(3)), "type": "interaction.recorded",
                        "channel": "wechat", "stream": "interaction-i1", "personal": .null,
                    ],
                ], "next": .null,
            ])
    }

    @Test func `a page has 50 entries unless asked otherwise, newest first`() async throws {
        let customers = try await Customers(longHistory)
        let customer = try #require(try await customers.customer("42"))
        #expect(customer.positions == Array((150..<200).reversed()))
        #expect(customer.at("timeline.next") == 150)
    }

    @Test(arguments: [1, 7, 50, 63, 64, 65, 199, 200, 201, 500])
    func `pages of any size cross the borders of chunks without a gap`(limit: Int64) async throws {
        let (positions, pages) = try await walk(Customers(longHistory), "42", ["limit": .integer(limit)])
        #expect(positions == Array((0..<200).reversed()))
        #expect(pages == (200 + Int(limit) - 1) / Int(limit))
    }

    @Test func `a filter by type and channel finds all of its kind`() async throws {
        let customers = try await Customers(longHistory)
        let calls = try await walk(customers, "42", ["type": "interaction.recorded", "limit": 30])
        #expect(calls.positions == stride(from: 198, through: 0, by: -2).map(Int64.init))
        let visits = try await walk(customers, "42", ["channel": "visit", "limit": 3])
        #expect(visits.positions == stride(from: 190, through: 0, by: -10).map(Int64.init))
        let both = try await walk(customers, "42", ["type": "behavior.tracked", "channel": "visit"])
        #expect(both.positions == [])
    }

    @Test func `an account's page merges those of its leads by position`() async throws {
        var history = History()
        history.convert("8", to: "42")
        history.convert("9", to: "42")
        for number in 0..<300 {
            let party = ["account-42", "lead-8", "lead-9", "lead-9", "account-7"][number % 5]
            history.talk("i\(number)", with: [party], by: number % 3 == 0 ? "sms" : "chat")
        }
        let mine = (0..<302).filter { $0 < 2 || ($0 - 2) % 5 != 4 }.map(Int64.init)
        let customers = try await Customers(history)
        for limit in [1, 10, 64, 500] {
            #expect(try await walk(customers, "42", ["limit": .integer(Int64(limit))]).positions == mine.reversed())
        }
        let texts = mine.filter { $0 >= 2 && ($0 - 2) % 3 == 0 }
        #expect(try await walk(customers, "42", ["channel": "sms", "limit": 9]).positions == texts.reversed())
    }

    @Test(arguments: [1, 7, 50, 64, 500]) func `pages have every entry once, whichever lead was talked to when`(
        limit: Int64
    )
        async throws
    {
        var history = History()
        for lead in 0..<9 { history.convert("\(lead)", to: "42") }
        // One lead after the other, some of them back again for a word, and one of them silent.
        for number in 0..<720 {
            let lead = number % 50 == 49 ? number % 7 : number / 90
            history.talk("i\(number)", with: ["lead-\(lead)"], by: "chat")
        }
        let (positions, pages) = try await walk(Customers(history), "42", ["limit": .integer(limit)])
        #expect(positions == Array((0..<729).reversed()))
        #expect(pages == (729 + Int(limit) - 1) / Int(limit))
    }

    @Test func `a page reads a bounded number of chunks and tells where to go on`() async throws {
        var history = History()
        history.order("r1", of: "42", 1)
        for _ in 0..<5000 { history.visit("account-42", by: "account-42") }
        let customers = try await Customers(history)
        let parameters: JSON = ["type": "order.placed"]
        let page = try #require(try await customers.customer("42", parameters))
        #expect(page.positions == [])
        #expect(page.at("timeline.next")?.integer != nil)
        #expect(try await walk(customers, "42", ["type": "order.placed"]).positions == [0])
    }

    @Test func `the timeline of one party never shows its neighbours`() async throws {
        var history = History()
        for account in ["4", "42", "42-1", "43"] { history.talk("i\(account)", with: ["account-\(account)"]) }
        let customers = try await Customers(history)
        for (position, account) in ["4", "42", "42-1", "43"].enumerated() {
            #expect(try await customers.customer(account)?.positions == [Int64(position)])
        }
    }

    @Test func `parameters out of range are refused in three sentences`() async throws {
        let customers = try await Customers(longHistory)
        let refused: [JSON] = [
            ["before": -1], ["limit": 0], ["limit": 501], ["type": []], ["channel": true], ["page": 2],
        ]
        for parameters in refused {
            await #expect(throws: ViewError.self) { try await customers.customer("42", parameters) }
        }
        #expect(try await customers.customer("42", ["before": 0])?.positions == [])
    }
}

@Suite struct `A chunk of a timeline` {
    private func bytes(_ chunk: TimelineChunk) -> [UInt8] {
        var encoder = RowEncoder()
        chunk.encode(to: &encoder)
        return encoder.bytes
    }

    @Test func `grows after it was read back as it would have without`() throws {
        var (kept, readBack) = (TimelineChunk(), TimelineChunk())
        let streams = ["interaction-1", "interaction-1", "order-1", "order-11", "order-1", "order-1", "r", "order-1"]
        for (number, stream) in streams.enumerated() {
            func append(to chunk: inout TimelineChunk) {
                chunk.append(
                    nil, type: "order-1", channel: "order-11", stream: stream, position: UInt64(number * 70),
                    time: Int64(1000 - number), isPersonal: false)
            }
            append(to: &kept)
            append(to: &readBack)
            var decoder = RowDecoder(bytes(readBack))
            readBack = try TimelineChunk(from: &decoder)
            #expect(bytes(readBack) == bytes(kept))
        }
        #expect(readBack.entries?.map(\.stream) == streams)
    }

    @Test func `whose newest stream does not stand in it is damaged`() {
        var encoder = RowEncoder()
        encoder.byteList([1, 2, 3])
        encoder.integer(0)
        encoder.integer(0)
        encoder.text("order-1")
        #expect(throws: RowError.self) {
            var decoder = RowDecoder(encoder.bytes)
            _ = try TimelineChunk(from: &decoder)
        }
    }
}
