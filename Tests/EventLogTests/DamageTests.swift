import EventLog
import EventModel
import EventTestKit
import Foundation
import RecordFormat
import Testing

@Suite struct `A damaged record` {
    @Test func `is never served, whichever byte it is`() async throws {
        let seed: UInt64 = 0xDA_3A6E
        var random = SplitMix64(seed: seed)
        for round in 0..<12 {
            let place = try TemporaryLog(mapByteCount: 4 << 20)
            let before = try await place.filled(eventCount: 40)
            let victim = before[Int.random(in: 0..<40, using: &random)]
            let byte = Int.random(in: 0..<Record.encode(victim).count, using: &random)
            #expect(try place.damage(victim, byte: byte) > 0)
            let log = try place.open(isReadOnly: true)
            for event in before {
                if event.position == victim.position {
                    let error = #expect(throws: ReadError.self, "seed \(seed), round \(round), byte \(byte)") {
                        try log.events(from: event.position, count: 1)
                    }
                    #expect(error?.code == .corrupt)
                } else {
                    #expect(try log.events(from: event.position, count: 1) == [event])
                }
            }
            #expect(throws: ReadError.self) { try log.read(ReadRequest(.all, count: 100)) }
            #expect(throws: ReadError.self) { try log.read(ReadRequest(.all, count: 100, direction: .backward)) }
        }
    }

    @Test func `at the end keeps the log from opening for writing`() async throws {
        let place = try TemporaryLog(mapByteCount: 4 << 20)
        let before = try await place.filled(eventCount: 10)
        try place.damage(before[9], byte: 60)
        #expect { try place.open() } throws: { error in
            guard case .damagedEnd(Position(9), _)? = error as? OpenError else { return false }
            return true
        }
    }
}

@Suite struct `A full log` {
    @Test func `says so, and reading goes on`() async throws {
        let place = try TemporaryLog(mapByteCount: 1 << 20)
        try await place.withLog { log async throws in
            var taken = 0
            var refusal: AppendError?
            while refusal == nil, taken < 100 {
                do throws(AppendError) {
                    _ = try await log.append([
                        StreamAppend(
                            [Proposal.classified(dataByteCount: 50_000, id: "e\(taken)")], to: .account("a1"),
                            expecting: .any)
                    ])
                    taken += 1
                } catch {
                    refusal = error
                }
            }
            #expect(refusal?.code == .logFull)
            #expect(taken > 5)
            #expect(try log.everything().count == taken)
            #expect(log.status.isWritable)
            for index in 0..<20 {
                let outcome = await log.outcomes(of: [
                    AppendRequest(Proposal.classified(id: "s\(index)"), to: .account("a1"))
                ])
                switch outcome[0] {
                case .success(let receipts): #expect(receipts[0].position == Position(UInt64(taken)))
                case .failure(let error): #expect(error.code == .logFull)
                }
                taken += (try? outcome[0].get()) == nil ? 0 : 1
                #expect(try log.everything().count == taken)
                #expect(try log.stream(.account("a1"))?.revision == Revision(UInt64(taken - 1)))
            }
        }
        // With more room the same directory goes on.
        var options = EventLog.Options(extractor: .ownersOnly) { Timestamp(milliseconds: 0) }
        options.mapByteCount = 4 << 20
        try await EventLog.withLog(at: place.directory.path, options: options) { log async throws in
            let count = try log.everything().count
            let receipt = try await log.append([Proposal.classified(id: "room")], to: .account("a1"))
            #expect(receipt.position == Position(UInt64(count)))
        }
    }

    @Test func `refuses every request of the commit that did not fit`() async throws {
        try await withTemporaryLog(mapByteCount: 1 << 20) { log, _ async throws in
            let requests = (0..<30).map {
                AppendRequest(Proposal.classified(dataByteCount: 50_000, id: "e\($0)"), to: .account("a\($0)"))
            }
            let outcomes = await log.outcomes(of: requests)
            #expect(outcomes.allSatisfy { if case .failure(.logFull) = $0 { true } else { false } })
            #expect(log.end == .origin)
            #expect(try log.stream(.account("a0")) == nil)
            let receipt = try await log.append([Proposal.classified(id: "small")], to: .account("a0"))
            #expect(receipt.position == .origin && receipt.revision == .first)
        }
    }
}
