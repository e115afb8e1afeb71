import EventModel
import EventTestKit
import Foundation
import RecordFormat
import SeededRandom
import Testing

@testable import EventLog

@Suite struct `Sealing` {
    @Test func `changes nothing that a reader sees`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            for round in 0..<6 {
                for index in 0..<50 {
                    try await log.append(
                        [Proposal.assigned(to: "u\(index % 4)", id: "e\(round)-\(index)")],
                        to: .account("a\(index % 3)"))
                }
                let before = try log.everything()
                try log.seal()
                #expect(log.status.sealedEnd == Position(UInt64((round + 1) * 50 / 32 * 32)))
                #expect(try log.everything() == before)
                #expect(try log.read(ReadRequest(.all, count: 4096, direction: .backward)) == before.reversed())
                #expect(
                    try log.read(ReadRequest(.stream(.account("a1")), count: 4096))
                        == before.filter { $0.stream == .account("a1") })
            }
        }
        try await place.withLog { log async throws in
            #expect(log.end == Position(300))
            let again = try await log.append([Proposal.assigned(to: "u3", id: "e0-3")], to: .account("a0"))
            #expect(again.isDuplicate && again.position == Position(3))
            #expect(try await log.append([Proposal.assigned(id: "new")], to: .account("a0")).revision == Revision(102))
        }
    }

    @Test func `keeps up with readers and a writer at once`() async throws {
        try await withTemporaryLog { log, _ async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for index in 0..<2_000 {
                        try await log.append([Proposal.classified(id: "e\(index)")], to: .account("a\(index % 7)"))
                        if index % 100 == 99 { try log.seal() }
                    }
                }
                for reader in 0..<2 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(reader))
                        while log.end.index < 2_000 {
                            await Task.yield()
                            guard log.end > .origin else { continue }
                            let position = Position(UInt64.random(in: 0..<log.end.index, using: &random))
                            let found = try log.events(from: position, count: 1)
                            #expect(found.first?.content.key.id == "e\(position)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `gives back the journal's space`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            let data = 200_000
            for index in 0..<64 {
                try await log.append([Proposal.classified(dataByteCount: data, id: "e\(index)")], to: .account("a"))
            }
            try log.seal()
            #expect(log.status.unsealedByteCount == 0)
            let journal = try place.journal().count
            #expect(journal <= Journal.firstByteCount, "\(journal) bytes")
            #expect(try log.everything().count == 64)
        }
    }

    @Test func `lets a journal of any length go round`() async throws {
        let place = try TemporaryLog(mapByteCount: 1 << 30)
        try await place.withLog { log async throws in
            // 120 MB through two files of 40 MiB; the largest events fill a file with fewer than a part.
            for index in 0..<480 {
                try await log.append([Proposal.classified(dataByteCount: 250_000, id: "e\(index)")], to: .account("a"))
            }
            #expect(log.end == Position(480))
        }
        try await place.withLog { log async throws in
            let events = try log.everything()
            #expect(events.map(\.content.key.id) == (0..<480).map { "e\($0)" })
            #expect(try log.stream(.account("a"))?.revision == Revision(479))
        }
    }
}

@Suite struct `A scan` {
    /// Enough for several blocks, of which the next is unpacked while one is gone through.
    private static let eventCount = 3_000

    private func sealed(_ place: TemporaryLog) async throws -> [RecordedEvent] {
        let before = try await place.filled(eventCount: Self.eventCount)
        try await place.withLog { log async throws in try log.seal() }
        return before
    }

    @Test(arguments: [0, 100_000, 64 << 20]) func `sees every record once, whatever is in memory`(
        _ cacheByteCount: Int
    ) async throws {
        let place = try TemporaryLog()
        let before = try await sealed(place)
        var options = place.options()
        options.cacheByteCount = cacheByteCount
        let log = try EventLog(at: DataDirectory(place.directory.path), options: options)
        defer { log.close() }
        var random = SplitMix64(seed: 0x5CA4)
        for round in 0..<40 {
            let start = Int.random(in: 0..<Self.eventCount, using: &random)
            let count = round == 0 ? Self.eventCount : Int.random(in: 1...Self.eventCount, using: &random)
            let wanted = Array(before[start..<min(start + count, Self.eventCount)])
            let found = try log.events(from: Position(UInt64(start)), count: count)
            #expect(found == wanted, "seed 0x5CA4, round \(round), from \(start), \(count) events")
        }
    }

    @Test func `ends at a damaged part, and not before`() async throws {
        let place = try TemporaryLog()
        _ = try await sealed(place)
        let victim = try await place.damageBlock(part: 21)
        let log = try place.open(isReadOnly: true)
        var next = Position.origin
        #expect {
            try log.forEachRecord { record in
                #expect(record.position == next)
                next = record.position.next
                return true
            }
        } throws: { error in
            guard case .corruptRecord(victim, _)? = error as? ReadError else { return false }
            return true
        }
        #expect(next == victim)
    }

    @Test func `of a history says which record is damaged, and lends those before it`() async throws {
        let place = try TemporaryLog()
        let before = try await sealed(place)
        let victim = try await place.damageBlock(part: 21)
        let log = try place.open(isReadOnly: true)
        let inside = Position(victim.index + 7)
        let positions = [3, 4, 40, victim.index - 1].map { Position($0) }
        var lent: [String] = []
        #expect {
            try log.forEachEvent(at: positions + [inside, Position(inside.index + 300)]) {
                lent.append(String(copyingUTF8: $0.id))
            }
        } throws: { error in
            guard case .corruptRecord(inside, _)? = error as? ReadError else { return false }
            return true
        }
        #expect(lent == positions.map { before[Int($0.index)].content.key.id })
    }
}

@Suite struct `A crash` {
    /// The files as a killed process leaves them at every moment between two commits, seals in between.
    @Test func `between any two steps loses nothing`() async throws {
        let place = try TemporaryLog()
        let log = try place.open()
        for round in 0..<8 {
            for index in 0..<40 {
                try await log.append([Proposal.assigned(id: "e\(round)-\(index)")], to: .account("a\(index % 3)"))
            }
            if round % 2 == 1 { try log.seal() }
            let copy = try place.copied()
            let acknowledged = try log.everything()
            try await copy.withLog { survivor async throws in
                #expect(try survivor.everything() == acknowledged)
                let next = try await survivor.append([Proposal.classified(id: "next")], to: .account("a0"))
                #expect(next.position == Position(UInt64(acknowledged.count)))
            }
        }
        log.close()
    }

    /// Sealing commits blocks and then forgets; a crash in between leaves both.
    @Test func `between a seal and its end shows every event once`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 200)
        let journal = try place.journal()
        try await place.withLog { log async throws in try log.seal() }
        try journal.write(to: place.journalFile)
        try await place.withLog { log async throws in
            #expect(try log.everything() == before)
            #expect(try await log.append([Proposal.classified(id: "x")], to: .account("a0")).position == Position(200))
        }
        try await place.withLog { log async throws in #expect(try log.everything().count == 201) }
    }
}

@Suite struct `A backup` {
    @Test func `opens as the log that it copied, and follows it when repeated`() async throws {
        let place = try TemporaryLog()
        let target = try TemporaryLog()
        try await place.withLog { log async throws in
            for round in 0..<4 {
                for index in 0..<100 {
                    try await log.append([Proposal.assigned(id: "e\(round)-\(index)")], to: .account("a\(index % 5)"))
                }
                if round == 1 { try log.seal() }
                let report = try log.backup(to: target.directory.path)
                #expect(report.end == log.end && report.end == Position(UInt64(100 * (round + 1))))
                let copy = try target.open(isReadOnly: true)
                #expect(try copy.everything() == log.everything())
                #expect(copy.audit { _, _ in }.findings.allSatisfy { $0.kind == .incomplete })
            }
        }
        try await target.withLog { log async throws in
            #expect(try await log.append([Proposal.assigned(id: "e0-0")], to: .account("a0")).isDuplicate)
            #expect(try await log.append([Proposal.assigned(id: "new")], to: .account("a0")).position == Position(400))
        }
    }

    @Test(arguments: [false, true]) func `is refused where another log stands`(isSealed: Bool) async throws {
        let place = try TemporaryLog()
        let other = try TemporaryLog()
        for (log, count) in [(place, 200), (other, 150)] {
            _ = try await log.filled(eventCount: count)
            if isSealed { try await log.withLog { log async throws in try log.seal() } }
        }
        let before = try await other.withLog { log async throws in try log.everything() }
        try await place.withLog { log async throws in
            #expect(throws: BackupError.otherLog) { try log.backup(to: other.directory.path) }
        }
        try await other.withLog { log async throws in #expect(try log.everything() == before) }
    }

    @Test func `is refused where an earlier one went on by itself`() async throws {
        let place = try TemporaryLog()
        let target = try TemporaryLog()
        _ = try await place.filled(eventCount: 100)
        try await place.withLog { log async throws in _ = try log.backup(to: target.directory.path) }
        try await target.withLog { log async throws in
            try await log.append([Proposal.classified(id: "own")], to: .account("a0"))
        }
        try await place.withLog { log async throws in
            for index in 0..<5 { try await log.append([Proposal.classified(id: "n\(index)")], to: .account("a0")) }
            #expect(throws: BackupError.otherLog) { try log.backup(to: target.directory.path) }
        }
        try await target.withLog { log async throws in #expect(try log.everything().last?.content.key.id == "own") }
    }

    @Test func `copies no damaged block`() async throws {
        let place = try TemporaryLog()
        let target = try TemporaryLog()
        _ = try await place.filled(eventCount: 256)
        try await place.withLog { log async throws in try log.seal() }
        let victim = try await place.damageBlock(part: 2)
        let log = try place.open(isReadOnly: true)
        #expect {
            try log.backup(to: target.directory.path)
        } throws: { error in
            guard case .damaged(victim, _)? = error as? BackupError else { return false }
            return true
        }
    }

    @Test func `is not made into a log that is open`() async throws {
        let (place, other) = (try TemporaryLog(), try TemporaryLog())
        try await place.withLog { log async throws in
            try await other.withLog { open async throws in
                let error = #expect(throws: BackupError.refused(.inUse)) { try log.backup(to: open.directory.path) }
                #expect(error?.description.contains("the log in that directory") == true)
            }
        }
    }

    @Test func `is not made among other files, nor in the log's own directory, however that is named`() async throws {
        let place = try TemporaryLog()
        let other = try TemporaryDirectory()
        let files = FileManager.default
        let link = other.path + "/link"
        try files.createSymbolicLink(atPath: link, withDestinationPath: place.directory.path)
        try await place.withLog { log async throws in
            let before = try files.subpathsOfDirectory(atPath: place.directory.path).sorted()
            let own = place.directory.path
            for path in [own, own + "/", own + "/copy", own + "/log/../a/b", link, link + "/views/copy"] {
                #expect(throws: BackupError.ownDirectory, "\(path)") { try log.backup(to: path) }
            }
            #expect(throws: BackupError.otherFiles) { try log.backup(to: other.path) }
            #expect(try files.subpathsOfDirectory(atPath: own).sorted() == before)
            #expect(try files.contentsOfDirectory(atPath: other.path) == ["link"])
            // Beside it, with its name at the beginning, is elsewhere.
            _ = try log.backup(to: own + "-copy")
            try files.removeItem(atPath: own + "-copy")
        }
    }

    @Test func `says that it is not complete where its disk does not take it`() async throws {
        let (place, target) = (try TemporaryLog(), try TemporaryDirectory())
        try Data().write(to: URL(filePath: target.path + "/file"))
        try await place.withLog { log async throws in
            for path in ["/file", "/file/copy"] {
                let error = #expect(throws: BackupError.self) { try log.backup(to: target.path + path) }
                #expect(error?.description.contains("The backup is not complete") == true, "\(path)")
            }
        }
    }

    @Test func `goes on where one was interrupted as soon as it had its lock`() async throws {
        let (place, target) = (try TemporaryLog(), try TemporaryDirectory())
        try Data().write(to: URL(filePath: target.path + "/LOCK"))
        try await place.withLog { log async throws in
            #expect(try log.backup(to: target.path).end == log.end)
        }
    }
}

@Suite struct `The lanes of the writer` {
    @Test func `keep each source's order and let nobody wait for another's import`() {
        var lanes = Lanes<String>()
        for index in 0..<200 { lanes.append("big\(index)", byteCount: 40_000, from: 1) }
        lanes.append("small", byteCount: 100, from: 2)
        var order: [String] = []
        while true {
            let taken = lanes.take(byteCountMax: 1 << 20)
            if taken.isEmpty { break }
            order += taken
        }
        #expect(order.firstIndex(of: "small") == 2)
        #expect(order.filter { $0.hasPrefix("big") } == (0..<200).map { "big\($0)" })
        #expect(lanes.byteCount == 0)
    }

    @Test func `hold on to nothing that they have handed out`() {
        final class Witness {}
        var lanes = Lanes<Witness>()
        weak var first: Witness?
        do {
            let witness = Witness()
            first = witness
            lanes.append(witness, byteCount: 2 << 20, from: 1)
            lanes.append(Witness(), byteCount: 2 << 20, from: 1)
        }
        #expect(lanes.take(byteCountMax: 1).count == 1)
        #expect(first == nil && lanes.byteCount == 2 << 20)
    }
}
