import EventModel
import EventTestKit
import LMDB
import Testing

@testable import EventLog

@Suite struct `The index` {
    /// Positions by key, as a dictionary would hold them.
    private struct Model {
        var positions: [UInt64: [UInt64]] = [:]
        var end: UInt64 = 0

        mutating func add(_ keys: [UInt64]) {
            for key in Set(keys) { positions[key, default: []].append(end) }
            end += 1
        }

        func answer(_ key: UInt64, from start: UInt64?, _ direction: ReadDirection) -> [UInt64] {
            let all = positions[key] ?? []
            return direction == .forward
                ? all.filter { $0 >= start ?? 0 } : all.reversed().filter { $0 <= start ?? .max }
        }
    }

    /// A few keys that nearly every event has, some that many have, and many that one has.
    private func keys(_ random: inout SplitMix64, unique: UInt64) -> [UInt64] {
        [1, 2 + UInt64.random(in: 0..<3, using: &random), 100 + UInt64.random(in: 0..<200, using: &random)]
            + (Bool.random(using: &random) ? [1] : []) + [1 << 40 | unique]
    }

    private func check(
        _ model: Model, _ random: inout SplitMix64, _ seed: UInt64,
        _ answer: (UInt64, UInt64?, ReadDirection) throws -> [UInt64]
    ) throws {
        for _ in 0..<300 {
            let key: UInt64 =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: UInt64.random(in: 1..<5, using: &random)
                case 1: 1 << 40 | UInt64.random(in: 0..<model.end + 5, using: &random)
                default: UInt64.random(in: 95..<305, using: &random)
                }
            let start = Bool.random(using: &random) ? UInt64.random(in: 0..<model.end + 3, using: &random) : nil
            let direction: ReadDirection = Bool.random(using: &random) ? .forward : .backward
            let found = try answer(key, start, direction)
            #expect(found == model.answer(key, from: start, direction), "seed \(seed), key \(key)")
        }
    }

    @Test func `stays right over many small flushes and their merges`() throws {
        let seed: UInt64 = 0x1_DE7
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let segments = try SegmentStore(at: directory.path, extractorVersion: 1, isReadOnly: false)
        var model = Model()
        for flush in 0..<150 {
            var tail = IndexTail(start: Position(model.end))
            for _ in 0..<Int.random(in: 1...60, using: &random) {
                let keys = keys(&random, unique: model.end)
                tail.add(keys)
                model.add(keys)
            }
            try segments.flush(tail)
            guard flush % 10 == 0 || flush > 145 else { continue }
            let reader = try segments.reader()
            #expect(reader.manifest.end == model.end)
            #expect(reader.manifest.segments.count <= 3 * 4)
            try check(model, &random, seed) { key, start, direction in
                var found: [UInt64] = []
                _ = try reader.forEach(key, from: start ?? (direction == .forward ? 0 : .max), direction) {
                    found.append($0)
                    return true
                }
                return found
            }
        }
    }

    @Test func `answers from tails and segments as from one list`() throws {
        let seed: UInt64 = 0x1_DE8
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        let index = try Index(at: directory.path, extractorVersion: 1, isReadOnly: false)
        var model = Model()
        for _ in 0..<14 {
            let batch = (0..<10_000).map { _ in
                let keys = keys(&random, unique: model.end)
                model.add(keys)
                return keys
            }
            index.add(batch)
            try check(model, &random, seed) { key, start, direction in
                var found: [UInt64] = []
                try index.forEach(key, from: start.map { Position($0) }, direction) {
                    found.append($0.index)
                    return true
                }
                return found
            }
        }
        index.drain()
        #expect(index.segmentsEnd > .origin && index.segmentsEnd < index.end)
    }

    /// The writer keeps a snapshot of the segments; a flush may overtake it between two looks.
    @Test func `misses nothing when a flush overtakes the caller's snapshot`() throws {
        let directory = try TemporaryDirectory()
        let index = try Index(at: directory.path, extractorVersion: 1, isReadOnly: false)
        let before = try index.segmentReader()
        index.add((0..<Index.tailEventCount).map { [7, UInt64($0) + 100] })
        index.drain()
        #expect(index.segmentsEnd == index.end)
        for direction in [ReadDirection.forward, .backward] {
            var count = 0
            try index.forEach(7, direction, using: before) { _ in
                count += 1
                return true
            }
            #expect(count == Index.tailEventCount)
        }
    }

    @Test func `keeps what was flushed, and nothing else, over a reopening`() throws {
        let directory = try TemporaryDirectory()
        do {
            let index = try Index(at: directory.path, extractorVersion: 1, isReadOnly: false)
            index.add((0..<Index.tailEventCount).map { [UInt64($0 % 10)] })
            index.add([[3]])
            index.drain()
        }
        let index = try Index(at: directory.path, extractorVersion: 1, isReadOnly: false)
        #expect(index.end.index == UInt64(Index.tailEventCount))
        var newest: [Position] = []
        try index.forEach(3, .backward) {
            newest.append($0)
            return newest.count < 2
        }
        #expect(newest.map(\.index) == [32763, 32753])
    }

    @Test func `writes positions that come back`() throws {
        let seed: UInt64 = 0x1_DE9
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            var position = UInt64.random(in: 0..<1 << 50, using: &random)
            let positions = (0..<Int.random(in: 1...256, using: &random)).map { _ in
                position += UInt64.random(in: 1...(1 << UInt64.random(in: 1...40, using: &random)), using: &random)
                return position
            }
            let key = random.next()
            let row = try #require(Postings.encode(key, positions[...]))
            let decoded = Postings.decode(row.key.span, row.value.span)
            #expect(decoded.key == key && decoded.positions == positions, "seed \(seed)")
        }
        #expect(Postings.encode(1, [])?.key == nil)
    }

    @Test func `has filters that never deny a key, and rarely invent one`() {
        let seed: UInt64 = 0xB100
        var random = SplitMix64(seed: seed)
        let keys = (0..<20_000).map { _ in random.next() }
        var filter = BloomFilter(keyCount: keys.count)
        for key in keys { filter.insert(key) }
        #expect(keys.allSatisfy { BloomFilter.mayContain($0, in: filter.bytes.span) })
        let invented = (0..<20_000).count { _ in BloomFilter.mayContain(random.next(), in: filter.bytes.span) }
        #expect(invented < 400, "about 1 % of 20,000 is expected; seed \(seed)")
    }

    @Test func `has a manifest that refuses gaps`() {
        var manifest = Manifest(extractorVersion: 3, seed: 0x0102_0304_0506_0708)
        manifest.segments = [.init(slot: 4, tier: 2, start: 0, end: 10), .init(slot: 0, tier: 0, start: 10, end: 11)]
        #expect(Manifest(manifest.bytes) == manifest)
        #expect(Manifest(Array(manifest.bytes.dropLast())) == nil)
        #expect(Manifest([]) == nil)
        var gap = manifest
        gap.segments[1].start = 11
        gap.segments[1].end = 12
        #expect(Manifest(gap.bytes) == nil)
        var empty = manifest
        empty.segments[1].end = 10
        #expect(Manifest(empty.bytes) == nil)
        var slot = manifest
        slot.segments[0].slot = SegmentStore.slotCount
        #expect(Manifest(slot.bytes) == nil)
    }
}
