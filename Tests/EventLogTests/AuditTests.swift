import EventModel
import EventTestKit
import Foundation
import LMDB
import RecordFormat
import Testing

@testable import EventLog

@Suite struct `An audit` {
    private func audit(_ place: TemporaryLog, extractor: TermExtractor = .ownersOnly) throws -> LogAuditReport {
        try place.open(extractor: extractor, isReadOnly: true, isDamageTolerated: true).audit { _, _ in }
    }

    @Test func `finds nothing in a good log`() async throws {
        let place = try TemporaryLog()
        _ = try await place.filled(eventCount: 300)
        let report = try audit(place)
        #expect(report.findings.map(\.sentences) == [])
        #expect(report.eventCount == 300)
        #expect(report.streamCount == 3)
    }

    @Test func `compares the whole index where it is on disk`() async throws {
        let place = try TemporaryLog()
        let events = try await place.filled(eventCount: 300)
        try flush(place, events)
        let report = try audit(place)
        #expect(report.findings.map(\.sentences) == [])
        #expect(report.indexedEventCount == 300)
        try await place.withLog { log async throws in
            #expect(try log.stream(.account("a1"))?.last == events.last { $0.stream == .account("a1") }?.position)
        }
    }

    @Test func `names the record that is damaged`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 30)
        try place.damage(before[12], byte: 70)
        let report = try audit(place)
        #expect(report.findings.map(\.kind) == [.corruption])
        #expect(report.findings.first?.position == Position(12))
        #expect(report.eventCount == 12)
    }

    @Test func `finds an index that is not what the records give`() async throws {
        let place = try TemporaryLog()
        var events = try await place.filled(eventCount: 50)
        events[7].content.actor = "user:nobody"
        try flush(place, events)
        let report = try audit(place)
        #expect(report.findings.map(\.kind) == [.derived])
        #expect(report.findings.first?.position == .origin)
    }

    @Test func `says that an index of another catalog was not compared`() async throws {
        let place = try TemporaryLog()
        _ = try await place.filled(eventCount: 5)
        let report = try audit(place, extractor: .owners(version: 77))
        #expect(report.findings.map(\.kind) == [.incomplete])
    }

    @Test func `finds events that break the order`() async throws {
        let place = try TemporaryLog()
        var events = try await place.filled(eventCount: 9)
        try FileManager.default.removeItem(atPath: place.directory.path + "/log")
        try FileManager.default.createDirectory(
            atPath: place.directory.path + "/log", withIntermediateDirectories: false)
        events[4].revision = Revision(9)
        events[5].content.key = events[2].content.key
        events[6].recorded = Timestamp(milliseconds: 5)
        try write(events, to: place)
        let report = try audit(place)
        #expect(report.findings.allSatisfy { $0.kind == .order })
        #expect(report.findings.map { $0.position?.index } == [4, 5, 6, 7])
    }

    @Test func `finds a place in the log that is empty`() async throws {
        let place = try TemporaryLog()
        var events = try await place.filled(eventCount: 9)
        try FileManager.default.removeItem(atPath: place.directory.path + "/log")
        try FileManager.default.createDirectory(
            atPath: place.directory.path + "/log", withIntermediateDirectories: false)
        events.remove(at: 4)
        try write(events, to: place)
        let report = try audit(place)
        #expect(report.findings.first?.position == Position(4))
        #expect(report.findings.first?.kind == .corruption)
    }

    /// Writes an index segment over the events, as a flush of the tail would.
    private func flush(_ place: TemporaryLog, _ events: [RecordedEvent]) throws {
        let extractor = TermExtractor.ownersOnly
        let segments = try SegmentStore(
            at: place.directory.path + "/index", of: place.open(isReadOnly: true).identity,
            extractorVersion: extractor.version, isReadOnly: false)
        let tail = IndexTail(start: 0)
        var keys: [UInt64] = []
        var counts: [UInt16] = []
        for event in events {
            let references = extractor.references(event.content.type, event.stream, event.content.data)
            let before = keys.count
            segments.hasher.appendKeys(of: event.content, in: event.stream, references: references, to: &keys)
            counts.append(UInt16(keys.count - before))
        }
        var (event, key) = (0, 0)
        _ = tail.add(keys, counts, from: &event, &key)
        try segments.commit([segments.write(tail)])
    }

    /// Writes events as a journal, each in a frame of its own.
    private func write(_ events: [RecordedEvent], to place: TemporaryLog) throws {
        do {
            let environment = try Environment(
                at: place.directory.path + "/log", options: .init(mapByteCount: 64 << 20))
            for name in ["blocks", "log", "dictionaries"] { _ = try environment.database(name) }
        }
        let identity = try place.open(isReadOnly: true).identity
        var journal = Data()
        for event in events {
            var frame = [UInt8](repeating: 0, count: JournalFrame.headerByteCount) + event.recordBytes
            JournalFrame.seal(&frame, first: event.position, count: 1, of: identity)
            journal += Data(frame) + Data(count: JournalFrame.paddedByteCount(frame.count) - frame.count)
        }
        try journal.write(to: place.journalFile)
    }
}
