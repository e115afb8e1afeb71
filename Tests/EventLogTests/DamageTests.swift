import DurableFiles
import EventLog
import EventModel
import EventTestKit
import Foundation
import RecordFormat
import SeededRandom
import Testing

@Suite struct `A damaged journal` {
    @Test func `keeps the log from opening, whichever byte of an acknowledged commit it is`() async throws {
        let seed: UInt64 = 0xDA_3A6E
        var random = SplitMix64(seed: seed)
        for round in 0..<24 {
            let place = try TemporaryLog()
            let before = try await place.filled(eventCount: 40)
            let victim = before[Int.random(in: 0..<40, using: &random)]
            let byte = Int.random(in: 0..<victim.recordBytes.count, using: &random)
            try place.damage(victim, byte: byte)
            for isReadOnly in [false, true] {
                #expect("seed \(seed), round \(round), byte \(byte)") {
                    try place.open(isReadOnly: isReadOnly)
                } throws: { error in
                    switch error as? OpenError {
                    case .damagedRecord(victim.position, _): victim.position.index < 39
                    case .damagedEnd(victim.position, _): victim.position.index == 39
                    default: false
                    }
                }
            }
            let log = try place.open(isReadOnly: true, isDamageTolerated: true)
            #expect(try log.everything() == Array(before[..<Int(victim.position.index)]))
            let report = log.audit { _, _ in }
            #expect(report.findings.contains { $0.kind == .corruption && $0.position == victim.position })
        }
    }

    @Test func `that was cut off or emptied does not open`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 10)
        let whole = try place.journal()
        for pages in 0..<10 {
            for isZeroed in [false, true] {
                let rest = isZeroed ? Data(count: whole.count - pages * 4096) : Data()
                try (whole[..<(pages * 4096)] + rest).write(to: place.journalFile)
                #expect {
                    try place.open()
                } throws: { error in
                    guard case .damagedEnd(Position(UInt64(pages)), _)? = error as? OpenError else { return false }
                    return true
                }
            }
        }
        try whole.write(to: place.journalFile)
        try await place.withLog { log async throws in #expect(try log.everything() == before) }
    }

    @Test func `that was cut inside the padding of its last frame keeps that frame`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            try await log.append([Proposal.classified(dataByteCount: 5_000, id: "e0")], to: .account("a0"))
        }
        let whole = try place.journal()
        try whole[..<(4096 + 3_000)].write(to: place.journalFile)
        for round in 1...3 {
            try await place.withLog { log async throws in
                #expect(try log.everything().count == round)
                try await log.append([Proposal.classified(id: "n\(round)")], to: .account("a0"))
            }
        }
    }

    /// A power cut may leave a commit half written that nobody was told of: then the stamp does not know it either.
    @Test func `whose last commit was never acknowledged opens without it`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 10)
        let stamp = try Data(contentsOf: place.stampFile)
        try await place.withLog { log async throws in
            try await log.append([Proposal.classified(id: "late")], to: .account("a0"))
        }
        try stamp.write(to: place.stampFile)
        var torn = try place.journal()
        torn[10 * 4096 + 50] ^= 1
        try torn.write(to: place.journalFile)
        try await place.withLog { log async throws in
            #expect(try log.everything() == before)
            let receipt = try await log.append([Proposal.classified(id: "next")], to: .account("a0"))
            #expect(receipt.position == Position(10))
        }
        try await place.withLog { log async throws in #expect(try log.everything().count == 11) }
    }
}

@Suite struct `Files of another log` {
    /// Two logs of the same shape: sealed up to the same position, and events behind it.
    private func twoLogs() async throws -> (place: TemporaryLog, other: TemporaryLog) {
        let (place, other) = (try TemporaryLog(), try TemporaryLog())
        for each in [place, other] {
            _ = try await each.filled(eventCount: 64)
            try await each.withLog { log async throws in
                try log.seal()
                try await log.append([Proposal.classified(id: "behind")], to: .account("a0"))
            }
        }
        return (place, other)
    }

    private func put(_ file: URL, inPlaceOf own: URL) throws {
        try FileManager.default.removeItem(at: own)
        try FileManager.default.copyItem(at: file, to: own)
    }

    @Test func `are no journal of this one, although their positions fit`() async throws {
        let (place, other) = try await twoLogs()
        try put(other.journalFile, inPlaceOf: place.journalFile)
        let lost = OpenError.damagedEnd(Position(64), "it was acknowledged, and the journal does not hold it whole")
        #expect(throws: lost) { try place.open() }
        #expect(throws: lost) { try place.open(isReadOnly: true) }
    }

    @Test func `are no blocks of this one, although their positions fit`() async throws {
        let (place, other) = try await twoLogs()
        let path = "/log/data.mdb"
        try put(
            URL(filePath: other.directory.path + path), inPlaceOf: URL(filePath: place.directory.path + path))
        #expect(throws: OpenError.otherBlocks) { try place.open() }
        #expect(throws: OpenError.otherBlocks) { try place.open(isReadOnly: true) }
    }
}

@Suite struct `A damaged block` {
    @Test func `is never served, and the others are`() async throws {
        let seed: UInt64 = 0xB10C
        var random = SplitMix64(seed: seed)
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 640)
        try await place.withLog { log async throws in
            try log.seal()
            #expect(log.status.sealedEnd == Position(640))
        }
        let file = URL(fileURLWithPath: place.directory.path + "/log/data.mdb")
        let whole = try Data(contentsOf: file)
        // Every zstd frame begins with this number (RFC 8878, section 3.1.1).
        let starts = whole.places(of: Data([0x28, 0xB5, 0x2F, 0xFD]))
        #expect(starts.count == 20)
        for round in 0..<40 {
            var damaged = whole
            let start = try #require(starts.randomElement(using: &random))
            damaged[start + Int.random(in: 0..<200, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try damaged.write(to: file)
            let log = try place.open(isReadOnly: true)
            var lostCount = 0
            for event in before {
                do throws(ReadError) {
                    let found = try log.events(from: event.position, count: 1)
                    #expect(found == [event], "seed \(seed), round \(round)")
                } catch {
                    #expect(error.code == .corrupt)
                    lostCount += 1
                }
            }
            #expect(lostCount == 32, "seed \(seed), round \(round)")
            #expect(throws: ReadError.self) { try log.read(ReadRequest(.all, count: 1000, direction: .backward)) }
            #expect(log.audit { _, _ in }.findings.contains { $0.kind == .corruption })
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

    @Test func `refuses every request of a commit that does not fit, and none that does`() async throws {
        try await withTemporaryLog(mapByteCount: 1 << 20) { log, _ async throws in
            let requests = (0..<30).map {
                AppendRequest(Proposal.classified(dataByteCount: 50_000, id: "e\($0)"), to: .account("a\($0)"))
            }
            let outcomes = await log.outcomes(of: requests)
            #expect(outcomes.contains { if case .failure(.logFull) = $0 { true } else { false } })
            let takenCount = outcomes.count { (try? $0.get()) != nil }
            #expect(log.end == Position(UInt64(takenCount)))
            #expect(try log.everything().count == takenCount)
            let receipt = try await log.append([Proposal.classified(id: "small")], to: .account("b0"))
            #expect(receipt.position == Position(UInt64(takenCount)) && receipt.revision == .first)
        }
    }

    @Test func `stops while the disk still has room, and goes on when there is more`() async throws {
        let place = try TemporaryLog()
        let space = try #require(DurableFiles.space(at: place.directory.path))
        var options = place.options()
        options.reserveByteCount = space.total
        try await EventLog.withLog(at: place.directory.path, options: options) { log async throws in
            await #expect(throws: AppendError.self) {
                try await log.append([Proposal.classified(id: "a")], to: .account("a1"))
            }
            #expect(log.end == .origin && log.status.isWritable)
        }
        try await place.withLog { log async throws in
            try await log.append([Proposal.classified(id: "a")], to: .account("a1"))
            #expect(log.end == Position(1))
        }
    }
}
