import EventModel
import EventTestKit
import Foundation
import RecordFormat
import SeededRandom
import Testing

@testable import EventLog

/// A directory with small segments, and the model of what they hold.
private struct SmallIndex {
    let directory: TemporaryDirectory
    let store: SegmentStore
    var model = IndexModel()
    var random: SplitMix64
    var segments: [Segment] = []

    init(seed: UInt64) throws {
        directory = try TemporaryDirectory()
        store = try SegmentStore(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        random = SplitMix64(seed: seed)
    }

    /// Writes a segment of some events; the manifest does not name it yet.
    mutating func write(_ eventCount: Int) throws -> Segment {
        let tail = IndexTail(start: model.end)
        for _ in 0..<eventCount {
            let keys = [
                1, 2 + .random(in: 0..<3, using: &random), 100 + .random(in: 0..<200, using: &random),
                1 << 40 | model.end,
            ]
            .map(IndexModel.key)
            model.add(keys)
            var (place, key) = (0, 0)
            _ = tail.add(keys, [4], from: &place, &key)
        }
        return try store.write(tail)
    }

    mutating func flush(_ eventCount: Int) throws {
        segments.append(try write(eventCount))
        try store.commit(segments)
    }

    /// Numbers that occur in every share, and some that occur nowhere.
    static func numbers(_ end: UInt64) -> [UInt64] {
        [1, 2, 3, 101, 150, 299, 400] + stride(from: 0, to: end + 2, by: Int(end / 20 + 1)).map { 1 << 40 | $0 }
    }
}

@Suite struct `A damaged index` {
    /// Whatever byte is other than written: an error or the right answer, never a wrong one.
    @Test func `never answers wrongly, whichever byte it is`() throws {
        var small = try SmallIndex(seed: 0xDA_3A6E)
        for count in [1500, 700] { try small.flush(count) }
        let numbers = SmallIndex.numbers(small.model.end)
        var (refusedCount, answeredCount) = (0, 0)
        for name in ["segment-0", "segment-1", "MANIFEST"] {
            let url = URL(fileURLWithPath: small.directory.path + "/" + name)
            let whole = try Data(contentsOf: url)
            for offset in Array(stride(from: 0, to: whole.count, by: 97)) + Array(whole.count - 96..<whole.count) {
                var bytes = whole
                bytes[offset] ^= 1 << UInt8(offset % 8)
                try bytes.write(to: url)
                do throws(IndexError) {
                    let index = try Index(at: small.directory.path, of: "a log", extractorVersion: 1, isReadOnly: true)
                    for number in numbers {
                        do throws(IndexError) {
                            var found: [UInt64] = []
                            try index.forEach(IndexModel.key(number), .backward) {
                                found.append($0.index)
                                return true
                            }
                            answeredCount += 1
                            let expected = small.model.answer(IndexModel.key(number), from: nil, .backward)
                            #expect(found == expected, "\(name), byte \(offset), number \(number)")
                        } catch {
                            refusedCount += 1
                        }
                    }
                    let newIDs = NewKeys(numbers.map(IndexModel.key), in: index.snapshot)
                    for (place, number) in numbers.enumerated() where newIDs.isNew(place) {
                        let isThere = small.model.positions[IndexModel.key(number)] != nil
                        #expect(!isThere, "\(name), byte \(offset), number \(number)")
                    }
                } catch {
                    refusedCount += 1
                }
                try whole.write(to: url)
            }
        }
        #expect(refusedCount > 100 && answeredCount > 1000, "\(refusedCount) refused, \(answeredCount) answered")
    }

    @Test func `is opened for writing up to the damage, and built anew from there`() throws {
        var small = try SmallIndex(seed: 0xDA_3A6F)
        for count in [300, 400, 500] { try small.flush(count) }
        let whole = try Data(contentsOf: URL(fileURLWithPath: small.directory.path + "/segment-1"))
        for length in stride(from: 0, to: whole.count, by: whole.count / 40) {
            let copy = try small.directory.copied()
            try whole.prefix(length).write(to: URL(fileURLWithPath: copy.path + "/segment-1"))
            let index = try Index(at: copy.path, of: "a log", extractorVersion: 1, isReadOnly: false)
            #expect(index.end.index == 300 && index.hasher.seed == small.store.hasher.seed)
            var random = SplitMix64(seed: 5)
            try small.model.before(300).check(index, &random, seed: 5, questionCount: 20)
        }
    }

    /// A block is read long after the file was opened: who finds it damaged takes the segment away.
    @Test func `is found at the first read and built anew at the next opening`() throws {
        var small = try SmallIndex(seed: 0xDA_3A70)
        for count in [300, 400] { try small.flush(count) }
        let url = URL(fileURLWithPath: small.directory.path + "/segment-1")
        var bytes = try Data(contentsOf: url)
        let segment = small.segments[1]
        bytes[Int(segment.footer.lineCount) * SegmentFilter.lineByteCount + 50] ^= 4
        try bytes.write(to: url)
        let index = try Index(at: small.directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        #expect(index.end.index == 700 && index.status.damagedSegmentCount == 0)
        #expect(throws: IndexError.self) {
            for number in SmallIndex.numbers(700) { _ = try index.newest(IndexModel.key(number)) }
        }
        #expect(index.status.damagedSegmentCount == 1)
        #expect(index.status.problem?.contains("the next start builds them anew") == true)
        #expect(ReadError(.damaged("a block")).code == .unavailable)
        #expect(ReadError(.damaged("a block")).description.contains("Restart the server"))
        let again = try Index(at: small.directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        #expect(again.end.index == 300)
    }

    @Test func `with a forged footer or block index is refused, and never traps`() throws {
        var small = try SmallIndex(seed: 0xDA_3A71)
        try small.flush(900)
        let url = URL(fileURLWithPath: small.directory.path + "/segment-0")
        let whole = [UInt8](try Data(contentsOf: url))
        let footer = small.segments[0].footer
        let indexStart = Int(footer.blockIndexOffset)
        var random = SplitMix64(seed: 0xF0_26ED)
        for round in 0..<400 {
            var (bytes, forged) = (whole, footer)
            let wild: UInt64 = [0, 1, .max, .max / 2, random.next(), UInt64(whole.count)][round % 6]
            switch round / 6 % 6 {
            case 0: forged.lineCount = wild
            case 1: forged.blockCount = wild
            case 2: forged.blockIndexOffset = wild
            case 3: forged.end = wild
            case 4: forged.start = wild
            default:
                let place = indexStart + 8 * Int.random(in: 0..<Int(footer.blockCount) * 3, using: &random)
                bytes.replaceSubrange(place..<place + 8, with: LittleEndian.bytes(of: [wild]))
                forged.blockIndexChecksum = SegmentFooter.checksum(
                    of: Array(bytes[indexStart..<bytes.count - SegmentFooter.byteCount]))
            }
            bytes.replaceSubrange(bytes.count - SegmentFooter.byteCount..<bytes.count, with: forged.bytes)
            try Data(bytes).write(to: url)
            var entry = small.segments[0].entry
            (entry.checksum, entry.start, entry.end) = (forged.checksum, forged.start, forged.end)
            guard
                let segment = try? Segment(entry, at: url.path, seed: small.store.hasher.seed, isReadOnly: true)
            else { continue }
            for number in SmallIndex.numbers(900) {
                var found: [UInt64] = []
                var block = 0
                try? segment.collect(ShortKey(IndexModel.key(number)), atOrAfter: 0, from: &block, to: &found)
                try? segment.collect(ShortKey(IndexModel.key(number)), atOrBefore: .max, to: &found)
                _ = try? segment.mayContain(ShortKey(IndexModel.key(number)))
            }
        }
    }
}

@Suite struct `After a crash the index` {
    /// The directory is copied after every step of a flush and a merge; every copy must open to what some
    /// finished step left, with the right answers.
    @Test func `has what the newest manifest names, whichever step was the last`() throws {
        var small = try SmallIndex(seed: 0xC_2A54)
        var states: [(TemporaryDirectory, end: UInt64)] = []
        var end: UInt64 = 0
        for round in 0..<6 {
            let segment = try small.write(200 + 10 * round)
            states.append((try small.directory.copied(), end))
            small.segments.append(segment)
            try small.store.commit(small.segments)
            end = small.model.end
            states.append((try small.directory.copied(), end))
            guard round % 4 == 3 else { continue }
            let merged = try #require(try small.store.merge(small.segments) { false })
            states.append((try small.directory.copied(), end))
            try small.store.commit([merged])
            states.append((try small.directory.copied(), end))
            small.store.remove(small.segments)
            small.segments = [merged]
            states.append((try small.directory.copied(), end))
        }
        for (copy, end) in states {
            // A torn write leaves temporary files behind.
            for name in ["segment-200.new", "segment-77.new", "MANIFEST.new"] {
                try Data(repeating: 7, count: 1000).write(to: URL(fileURLWithPath: copy.path + "/" + name))
            }
            let index = try Index(at: copy.path, of: "a log", extractorVersion: 1, isReadOnly: false)
            #expect(index.end.index == end)
            var random = SplitMix64(seed: end)
            if end > 0 { try small.model.before(end).check(index, &random, seed: end, questionCount: 50) }
            let names = try FileManager.default.contentsOfDirectory(atPath: copy.path)
            #expect(names.count(where: { $0.hasPrefix("segment") }) == index.status.segmentCount, "litter is removed")
        }
    }

    @Test func `stops a merge that is under way when it closes`() throws {
        var small = try SmallIndex(seed: 0xC_2A55)
        for _ in 0..<4 { try small.flush(3000) }
        var count = 0
        let merged = try small.store.merge(small.segments) {
            count += 1
            return count > 1
        }
        #expect(merged == nil && count == 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: small.directory.path)
        #expect(names.sorted() == ["MANIFEST", "segment-0", "segment-1", "segment-2", "segment-3"])
    }

    @Test func `has a manifest that refuses gaps, wrong slots and flipped bits`() {
        var manifest = Manifest(extractorVersion: 3, seed: 0x0102_0304_0506_0708, log: 5)
        manifest.segments = [
            .init(slot: 4, tier: 2, start: 0, end: 10, checksum: 1),
            .init(slot: 0, tier: 0, start: 10, end: 11, checksum: 2),
        ]
        #expect(Manifest(manifest.bytes) == manifest)
        #expect(Manifest(Array(manifest.bytes.dropLast())) == nil && Manifest([]) == nil)
        for place in manifest.bytes.indices {
            var bytes = manifest.bytes
            bytes[place] ^= 0x10
            #expect(Manifest(bytes) == nil, "byte \(place)")
        }
        func changed(_ change: (inout Manifest) -> Void) -> [UInt8] {
            var other = manifest
            change(&other)
            return other.bytes
        }
        #expect(
            Manifest(
                changed {
                    $0.segments[1].start = 11; $0.segments[1].end = 12
                }) == nil)
        #expect(Manifest(changed { $0.segments[1].end = 10 }) == nil)
        #expect(Manifest(changed { $0.segments[1].slot = 4 }) == nil)
        #expect(Manifest(changed { $0.segments[1].slot = Manifest.slotCount }) == nil)
    }
}

extension TemporaryDirectory {
    /// A directory with the same files.
    fileprivate func copied() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try FileManager.default.copyItem(atPath: path + "/" + name, toPath: copy.path + "/" + name)
        }
        return copy
    }
}

extension SegmentFooter {
    fileprivate static func checksum(of bytes: [UInt8]) -> UInt64 { XXH64.hash(bytes.span) }
}
