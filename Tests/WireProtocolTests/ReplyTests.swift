import EventModel
import NIOCore
import Testing
import WireProtocol

@Suite struct `Replies in a form of their own` {
    private func written(_ reply: Reply, _ version: RESPVersion, behind start: String = "") -> String {
        var buffer = ByteBuffer(string: start)
        reply.write(to: &buffer, version: version)
        return String(buffer: buffer)
    }

    @Test func `receipts are written as the maps that they mean`() throws {
        let stream = try StreamName("account-42")
        let receipts = [
            AppendReceipt(stream: stream, position: Position(7), revision: Revision(0), isDuplicate: false),
            AppendReceipt(stream: stream, position: Position(.max), revision: Revision(12), isDuplicate: true),
        ]
        let value = RESPValue.array(
            receipts.map {
                .fields([
                    "stream": .text($0.stream.text), "position": .position($0.position),
                    "revision": .revision($0.revision), "duplicate": .boolean($0.isDuplicate),
                ])
            })
        for version in RESPVersion.allCases {
            #expect(written(.receipts(receipts), version) == written(.value(value), version))
        }
    }

    @Test func `outcomes of lines are written as the maps and refusals that they mean`() {
        let refusal = RESPValue.refusal(RequestError.unknownCommand)
        let lines: [Reply.LineOutcome] = [
            .recorded(Position(41), isDuplicate: false), .refused(refusal), .recorded(Position(3), isDuplicate: true),
        ]
        let value = RESPValue.array([
            .fields(["position": .integer(41), "duplicate": .boolean(false)]), refusal,
            .fields(["position": .integer(3), "duplicate": .boolean(true)]),
        ])
        for version in RESPVersion.allCases {
            #expect(written(.lines(lines), version) == written(.value(value), version))
        }
    }

    @Test(arguments: [0, 1, 9, 10, 4096])
    func `a page is the array of its elements`(_ count: Int) {
        let elements = (0..<count).map { bytes(String(repeating: "e\($0)", count: $0 % 40)) }
        var page = PageBuilder()
        for element in elements { page.append { $0 += element } }
        #expect(page.count == count)
        let reply = Reply.encoded(page.finish())
        let expected = written(.value(.array(elements.map(RESPValue.bulk))), .v2)
        for version in RESPVersion.allCases {
            #expect(written(reply, version) == expected)
            #expect(written(reply, version, behind: "+OK\r\n") == "+OK\r\n" + expected)
        }
    }
}

@Suite struct `The pace of a connection` {
    /// Ticks until the verdict, or nil after a hundred.
    private func verdict(
        _ start: Pace.Sight = Pace.Sight(), _ step: (inout Pace.Sight) -> Void
    ) -> (verdict: Pace.Verdict, ticks: Int)? {
        var pace = Pace()
        var sight = start
        for tick in 1...100 {
            step(&sight)
            if let verdict = pace.tick(sight) { return (verdict, tick) }
        }
        return nil
    }

    @Test func `a command that comes a byte at a time is given up in the third second`() throws {
        let found = try #require(
            verdict { sight in
                sight.isInsideFrame = true
                sight.receivedByteCount += 1
            })
        #expect(found == (.slowCommand, 3))
    }

    @Test func `a command that comes with a kibibyte a second is taken, however long it is`() {
        #expect(
            verdict { sight in
                sight.isInsideFrame = true
                sight.receivedByteCount += Pace.byteCountPerTickMin
            } == nil)
    }

    @Test func `small commands are no slow one, even when each tick sees half of the next`() {
        #expect(
            verdict { sight in
                sight.isInsideFrame = true
                sight.commandCount += 1
                sight.receivedByteCount += 14
            } == nil)
    }

    @Test func `a connection that asks nothing is idle after thirty seconds`() throws {
        #expect(try #require(verdict { _ in }) == (.idle, 30))
        #expect(verdict { $0.isWorking = true } == nil, "a read that blocks is not idle")
        #expect(verdict { $0.receivedByteCount += 1 } == nil)
    }

    @Test func `answers that are not taken for ten seconds are given up`() throws {
        #expect(try #require(verdict { $0.unsentByteCount = 1 << 20 }) == (.slowReader, 10))
        #expect(
            verdict { sight in
                sight.unsentByteCount = 1 << 20
                sight.sentByteCount += 1
            } == nil, "slow, and alive")
    }
}
