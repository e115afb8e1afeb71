import EventModel
import NIOCore
import Testing
import WireProtocol

@testable import EventClient

@Suite struct `A histogram of latencies` {
    /// Against the exact order statistics of the same values, by nearest rank.
    @Test func `answers every share with an error below one in 128`() {
        var random: UInt64 = 42
        var values: [UInt64] = []
        var histogram = LatencyHistogram()
        for _ in 0..<20_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = (random >> 33) >> (random % 31)
            values.append(value)
            histogram.add(value)
        }
        values.sort()
        for share in [0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = values[max(1, Int((share * 20_000).rounded(.up))) - 1]
            let found = histogram.time(atShare: share)
            #expect(found >= exact && found - exact <= exact / 128, "share \(share): \(found) for \(exact)")
        }
        #expect(histogram.max == values.last && histogram.count == 20_000)
    }

    @Test func `holds every value up to the largest`() {
        for value in [0, 1, 127, 128, 255, 256, 257, UInt64(1) << 63, .max] {
            var histogram = LatencyHistogram()
            histogram.add(value)
            #expect(histogram.time(atShare: 0.5) == value)
        }
        #expect(LatencyHistogram().time(atShare: 0.5) == 0)
    }
}

@Suite struct `A counter of replies` {
    private static let replies: [(RESPValue, ReplyCounter.Reply)] = [
        (.simple("PONG"), .init()), (.error(code: "BUSY", message: "wait"), .init(errorCount: 1)),
        (.integer(7), .init()), (.null, .init()), (.bulk([]), .init()), (.text("a\r\nb"), .init()),
        (.array([]), .init()), (.array([.text("x"), .text("yz")]), .init(elementCount: 2)),
        (
            .array([.fields(["position": .integer(1)]), .error(code: "LIMIT", message: "no"), .array([.null])]),
            .init(elementCount: 3, errorCount: 1)
        ),
    ]

    @Test func `finds the end of every reply, wherever the bytes are split`() throws {
        var stream = ByteBuffer()
        for (value, _) in Self.replies { value.write(to: &stream, version: .v2) }
        let bytes = Array(stream.readableBytesView)
        for split in 0...bytes.count {
            var counter = ReplyCounter()
            var found: [ReplyCounter.Reply] = []
            for piece in [bytes[..<split], bytes[split...]] {
                let piece = Array(piece)
                var offset = 0
                while let reply = try counter.next(in: piece.span, from: &offset) { found.append(reply) }
                #expect(offset == piece.count)
            }
            #expect(found == Self.replies.map(\.1), "split at \(split)")
            #expect(counter.firstError == "BUSY wait")
        }
    }

    @Test func `refuses what is no RESP`() {
        var counter = ReplyCounter()
        let bytes = Array("HTTP/1.1 400\r\n".utf8)
        #expect(throws: ProtocolError.unknownKind) {
            var offset = 0
            _ = try counter.next(in: bytes.span, from: &offset)
        }
    }
}

@Suite struct `A load` {
    /// Asks for the same thing a number of times.
    private final class Repeated: LoadSource {
        private var left: Int
        private let command: [UInt8]

        init(_ count: Int, _ words: [String]) {
            left = count
            var buffer = ByteBuffer()
            RESPValue.writeCommand(words.map { Array($0.utf8) }, to: &buffer)
            command = Array(buffer.readableBytesView)
        }

        func next(_ bytes: inout [UInt8]) -> Bool {
            guard left > 0 else { return false }
            left -= 1
            bytes += command
            return true
        }

        func answered(elementCount: Int) -> Int { elementCount }
    }

    private func run(
        _ plan: LoadPlan, _ words: [String], count: Int = .max, _ script: @escaping ScriptedSession.Script
    ) async throws -> LoadResult {
        try await withServer(script) { address in
            try await LoadGenerator.run(plan, at: Address(address)) { _ in Repeated(count, words) }
        }
    }

    @Test(arguments: [(1, 1), (1, 7), (5, 1), (5, 7)])
    func `counts every request, what it brought, and its refusals`(_ clients: Int, _ inFlight: Int) async throws {
        let page = RESPValue.array([
            .text("a"), .error(code: "LIMIT", message: "no"), .text(String(repeating: "b", count: 70_000)),
        ])
        let result = try await run(
            LoadPlan(clients: clients, inFlight: inFlight), ["LOG.READ", "ALL"], count: 40, { _ in page })
        #expect(result.requestCount == 40 * clients && result.itemCount == 3 * 40 * clients)
        #expect(result.errorCount == 40 * clients && result.firstError == "LIMIT no")
        #expect(result.latency.count == UInt64(40 * clients))
    }

    @Test func `sends no more than the plan says`() async throws {
        let result = try await run(
            LoadPlan(clients: 3, inFlight: 4, requestCountMax: 50), ["LOG.READ", "ALL"], { _ in .array([]) })
        #expect(result.requestCount == 50)
    }

    @Test func `ends when its time is over`() async throws {
        let result = try await run(
            LoadPlan(clients: 2, inFlight: 2, seconds: 0.05), ["LOG.READ", "ALL"], { _ in .array([]) })
        #expect(result.requestCount > 0 && result.nanoseconds >= 50_000_000)
    }

    @Test func `says that a connection was lost`() async throws {
        await #expect(throws: ConnectError.self) {
            try await self.run(LoadPlan(clients: 2, inFlight: 1), ["LOG.READ", "ALL"], { _ in nil })
        }
    }

    @Test func `says that nobody is there`() async throws {
        let nowhere = Address.unixSocket("/nowhere/rapport.sock")
        await #expect(throws: ConnectError.unreachable(nowhere, why: "No such file or directory")) {
            try await LoadGenerator.run(LoadPlan(clients: 1, inFlight: 1), at: nowhere) { _ in Repeated(1, ["PING"]) }
        }
    }
}
