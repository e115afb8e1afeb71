import EventModel
import EventTestKit
import Foundation
import RecordFormat
import SeededRandom
import Testing

@testable import EventLog

@Suite struct `Dictionaries of blocks` {
    /// Appends events of some 1,700 bytes in words that come again and again, and seals them.
    private func fill(_ log: EventLog, _ numbers: Range<Int>) async throws {
        var random = SplitMix64(seed: UInt64(numbers.lowerBound) + 0xD1C7)
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 100) {
            let events = (start..<min(start + 100, numbers.upperBound)).map { number in
                let words = (0..<150).map { _ in "word-\(Int.random(in: 0..<5_000, using: &random))" }
                return Proposal.classified(as: words.joined(separator: " "), id: "e\(number)")
            }
            try await log.append(events, to: .account("a\(start / 100)"))
        }
        try log.seal()
    }

    /// The positions behind what each was made from.
    private func ends(_ log: EventLog) throws -> [Position] {
        try log.store.blocks.dictionaries.all(after: nil).map(\.end)
    }

    /// Changes a byte in the middle of every row of dictionaries whose number among all rows is named.
    private func damage(_ place: TemporaryLog, rows: Set<Int>) throws {
        let file = URL(fileURLWithPath: place.directory.path + "/log/data.mdb")
        var bytes = try Data(contentsOf: file)
        // A zstd dictionary begins with this number (RFC 8878, section 5).
        let starts = bytes.places(of: Data([0x37, 0xA4, 0x30, 0xEC]))
        try #require(starts.count == 2)
        for row in rows { bytes[starts[row] + 8_000] ^= 1 }
        try bytes.write(to: file)
    }

    @Test func `are made once there is enough to look at, and anew when the log is eight times as long`() async throws {
        let place = try TemporaryLog()
        try await place.withLog { log async throws in
            try await fill(log, 0..<96)
            #expect(try ends(log) == [], "96 events are less than the samples")
            try await fill(log, 96..<1_600)
            let first = try #require(try ends(log).first)
            #expect(first > Position(600) && first < Position(1_000))
            let due = (Int(first.index) * 8 + 31) / 32 * 32
            try await fill(log, 1_600..<due - 320)
            #expect(try ends(log) == [first], "not yet")
            try await fill(log, due - 320..<due)
            try await fill(log, due..<due + 1_000)
            let both = try ends(log)
            #expect(both.count == 2 && both[1] > Position(UInt64(due)))
            let before = try log.everything()
            #expect(before.count == due + 1_000)
        }
        try await place.withLog { log async throws in
            #expect(try log.everything().map(\.content.key.id) == (0..<Int(log.end.index)).map { "e\($0)" })
            #expect(log.audit { _, _ in }.findings.isEmpty)
        }
    }

    @Test func `stand twice, so that one may be damaged`() async throws {
        let (place, copy) = (try TemporaryLog(), try TemporaryLog())
        let before = try await place.withLog { log async throws in
            try await fill(log, 0..<2_000)
            return try log.everything()
        }
        try damage(place, rows: [0])
        try await place.withLog { log async throws in
            #expect(try log.everything() == before)
            let findings = log.audit { _, _ in }.findings
            #expect(findings.map(\.kind) == [.corruption])
            #expect(findings.first?.sentences.contains("one of the two places of dictionary 32768") == true)
            _ = try log.backup(to: copy.directory.path)
        }
        try await copy.withLog { log async throws in
            #expect(try log.everything() == before)
            #expect(log.audit { _, _ in }.findings.isEmpty, "a backup has both anew")
        }
    }

    @Test func `are missed where both are damaged, and by nothing else`() async throws {
        let (place, copy) = (try TemporaryLog(), try TemporaryLog())
        let before = try await place.withLog { log async throws in
            try await fill(log, 0..<96)
            // Whole parts, so that the journal's last frame holds none of them.
            try await fill(log, 96..<1_696)
            return try log.everything()
        }
        try damage(place, rows: [0, 1])
        let log = try place.open(isReadOnly: true, isDamageTolerated: true)
        for event in before {
            do throws(ReadError) {
                #expect(try log.events(from: event.position, count: 1) == [event])
                #expect(event.position < Position(96))
            } catch {
                #expect(error.code == .corrupt && error.description.contains("dictionary 32768"))
                #expect(event.position >= Position(96))
            }
        }
        let report = log.audit { _, _ in }
        #expect(report.findings.first?.position == Position(96) && report.findings.first?.kind == .corruption)
        // One finding for each of the 1,600 events, and one for what they were packed with.
        #expect(report.findingCount == 1_601)
        #expect(throws: BackupError.damagedDictionary("dictionary 32768 is damaged in both places")) {
            try log.backup(to: copy.directory.path)
        }
    }
}
