import EventModel
import EventTestKit
import Foundation
import SeededRandom
import Testing

@testable import EventLog

/// Positions by key, as a dictionary would hold them.
struct IndexModel {
    var positions: [UInt64: [UInt64]] = [:]
    var end: UInt64 = 0

    mutating func add(_ keys: [UInt64]) {
        for key in Set(keys) { positions[key, default: []].append(end) }
        end += 1
    }

    func answer(_ key: UInt64, from start: UInt64?, _ direction: ReadDirection) -> [UInt64] {
        let all = positions[key] ?? []
        return direction == .forward ? all.filter { $0 >= start ?? 0 } : all.reversed().filter { $0 <= start ?? .max }
    }

    /// Adds events to the model and to an index: each has a key that nearly every event has, some that many
    /// have, and one of its own.
    mutating func add(_ count: Int, to index: Index, _ random: inout SplitMix64) {
        var keys: [UInt64] = []
        var counts: [UInt16] = []
        for _ in 0..<count {
            var event = [Self.key(1), Self.key(2 + .random(in: 0..<3, using: &random))]
            event += [Self.key(100 + .random(in: 0..<200, using: &random)), Self.key(1 << 40 | end)]
            if Bool.random(using: &random) { event.append(Self.key(1)) }
            add(event)
            keys += event
            counts.append(UInt16(event.count))
        }
        index.add(keys: keys, counts: counts)
    }

    /// Spreads small numbers over all keys.
    static func key(_ number: UInt64) -> UInt64 {
        var random = SplitMix64(seed: number)
        return random.next()
    }

    /// Asks an index for random keys from random positions in both directions.
    func check(_ index: Index, _ random: inout SplitMix64, seed: UInt64, questionCount: Int = 300) throws {
        for _ in 0..<questionCount {
            let number: UInt64 =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: .random(in: 1..<5, using: &random)
                case 1: 1 << 40 | .random(in: 0..<end + 5, using: &random)
                default: .random(in: 95..<305, using: &random)
                }
            let start: UInt64? = Bool.random(using: &random) ? .random(in: 0..<end + 3, using: &random) : nil
            let direction: ReadDirection = Bool.random(using: &random) ? .forward : .backward
            let found = try index.positions(Self.key(number), from: start, direction)
            let expected = answer(Self.key(number), from: start, direction)
            #expect(found == expected, "seed \(seed), number \(number), from \(start ?? 0), \(direction)")
        }
    }
}

extension Index {
    func positions(_ key: UInt64, from start: UInt64? = nil, _ direction: ReadDirection) throws -> [UInt64] {
        var found: [UInt64] = []
        try forEach(key, from: start.map { Position($0) }, direction) {
            found.append($0.index)
            return true
        }
        return found
    }
}

@Suite struct `The index` {
    @Test func `answers from tails and segments as from one list, over flushes, merges and reopenings`() throws {
        let seed: UInt64 = 0x1_DE8
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        var index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        var model = IndexModel()
        for round in 0..<60 {
            model.add(.random(in: 1...25_000, using: &random), to: index, &random)
            try model.check(index, &random, seed: seed, questionCount: 60)
            guard round % 20 == 19 else { continue }
            index.drain()
            try model.check(index, &random, seed: seed)
            index.close()
            let end = index.end.index
            index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
            // What was in tails is added again, as the log would.
            #expect(index.end.index <= end && index.end.index % UInt64(IndexTail.eventCountMax) == 0)
            model = model.before(index.end.index)
        }
        #expect(index.status.segmentCount <= 2 * SegmentStore.mergeCount)
        #expect(index.status.failure == nil && index.status.frozenTailCount == 0)
    }

    @Test func `skips as many positions of a key as asked`() throws {
        let seed: UInt64 = 0x5_C1B
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        var model = IndexModel()
        model.add(150_000, to: index, &random)
        index.drain()
        for number in [1, 2, 105, 1 << 40 | 77, 99] as [UInt64] {
            for direction in [ReadDirection.forward, .backward] {
                let all = model.answer(IndexModel.key(number), from: nil, direction)
                for count in [0, 1, all.count / 2, all.count - 1, all.count, all.count + 7] where count >= 0 {
                    var cursor = index.cursor(IndexModel.key(number), direction)
                    let found = try cursor.skip(UInt64(count))
                    #expect(found == (count < all.count ? all[count] : nil), "seed \(seed), \(number), \(count)")
                }
            }
        }
    }

    @Test func `keeps what was flushed, and nothing else, over a reopening`() throws {
        let directory = try TemporaryDirectory()
        let count = IndexTail.eventCountMax
        do {
            let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
            index.add(
                keys: (0...count).map { IndexModel.key(UInt64($0 % 10)) }, counts: .init(repeating: 1, count: count + 1)
            )
            index.close()
        }
        let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        #expect(index.end.index == UInt64(count))
        let newest = try index.newest(IndexModel.key(3))
        #expect(newest == Position(UInt64((count - 1) / 10 * 10 + 3)))
    }

    @Test func `begins anew for another version of the catalog, with another seed`() throws {
        let directory = try TemporaryDirectory()
        let seed: UInt64
        do {
            let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
            var model = IndexModel()
            var random = SplitMix64(seed: 1)
            model.add(70_000, to: index, &random)
            index.close()
            seed = index.hasher.seed
        }
        #expect(throws: IndexError.self) {
            try Index(at: directory.path, of: "a log", extractorVersion: 2, isReadOnly: true)
        }
        let index = try Index(at: directory.path, of: "a log", extractorVersion: 2, isReadOnly: false)
        #expect(index.end == .origin && index.hasher.seed != seed)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/segment-0"))
    }

    @Test func `begins anew beside another log, with another seed`() throws {
        let directory = try TemporaryDirectory()
        let seed: UInt64
        do {
            let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
            var model = IndexModel()
            var random = SplitMix64(seed: 2)
            model.add(70_000, to: index, &random)
            index.close()
            seed = index.hasher.seed
        }
        #expect(throws: IndexError.missing("it was built from another log")) {
            try Index(at: directory.path, of: "another log", extractorVersion: 1, isReadOnly: true)
        }
        let index = try Index(at: directory.path, of: "another log", extractorVersion: 1, isReadOnly: false)
        #expect(index.end == .origin && index.hasher.seed != seed)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/segment-0"))
    }

    @Test func `has filters that never deny a key, and rarely invent one`() throws {
        let seed: UInt64 = 0xB100
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let index = try Index(at: directory.path, of: "a log", extractorVersion: 1, isReadOnly: false)
        let keys = (0..<IndexTail.eventCountMax + 1).map { _ in random.next() }
        index.add(keys: keys, counts: .init(repeating: 1, count: keys.count))
        index.drain()
        let segment = try #require(index.snapshot.segments.first)
        for key in keys.dropLast() { #expect(try segment.mayContain(ShortKey(key)), "seed \(seed)") }
        var invented = 0
        for _ in 0..<100_000 where try segment.mayContain(ShortKey(random.next())) { invented += 1 }
        #expect(invented < 3000, "1 to 2 % of 100,000 is expected; seed \(seed)")
    }

    @Test func `gives the keys of an event that its terms have`() throws {
        let hasher = TermHasher(seed: 77)
        let content = EventContent(type: "a.b", key: EventKey(source: "/s", id: "1"), actor: "user:u1")
        let stream = StreamName.account("x-1")
        let references = ["owner:u7", "plain", "a:b:c"]
        var keys: [UInt64] = []
        hasher.appendKeys(of: content, in: stream, references: references, to: &keys)
        let terms = TermExtractor.envelopeTerms(stream: stream, content: content) + references
        #expect(keys[1] == hasher.stream(stream))
        #expect(Set(keys.dropFirst()) == Set(terms.map(hasher.term)) && keys.count == terms.count + 1)
        var other: [UInt64] = []
        let shifted = EventContent(type: "a.b", key: EventKey(source: "/s1", id: ""), actor: "user:u1")
        hasher.appendKeys(of: shifted, in: stream, references: references, to: &other)
        #expect(keys[0] != other[0] && keys.dropFirst() == other.dropFirst())
        var prepared = PreparedRequests(hasher)
        prepared.append(
            AppendRequest(ProposedEvent(content, terms: references), to: stream))
        #expect(prepared.keys == keys, "a record has the keys of its event")
        #expect(hasher.type("a.b") == hasher.term("type:a.b"))
    }

    @Test func `sorts by the upper 40 bits and keeps the order of equals`() {
        let seed: UInt64 = 0x5087
        var random = SplitMix64(seed: seed)
        for count in [0, 1, 2, 1000, 40_000] {
            let numbers = (0..<count).map { _ in random.next() & 0xFF00_000F_FF00_FFFF }
            let expected = numbers.enumerated().sorted { ($0.1 >> 24, $0.0) < ($1.1 >> 24, $1.0) }.map(\.element)
            #expect(RadixSort.sortedByKey(numbers) == expected, "seed \(seed), count \(count)")
        }
    }
}

extension IndexModel {
    /// What the model knew before a position.
    func before(_ end: UInt64) -> IndexModel {
        IndexModel(positions: positions.mapValues { $0.filter { $0 < end } }.filter { !$0.value.isEmpty }, end: end)
    }
}
