import Foundation
import Testing

@testable import LMDB

@Suite struct `An environment` {
    @Test func `is not opened a second time in one process`() throws {
        try withTemporaryDirectory { directory throws in
            let first = try Environment(at: directory)
            #expect(throws: LMDBError.alreadyOpen) { try Environment(at: directory) }
            #expect(throws: LMDBError.alreadyOpen, "a longer way to the same directory") {
                try Environment(at: directory + "/../" + (directory.split(separator: "/").last ?? ""))
            }
            _ = try first.database("rows")
        }
    }

    @Test func `is opened again after the first one went away`() throws {
        try withTemporaryDirectory { directory throws in
            do {
                let environment = try Environment(at: directory)
                let rows = try #require(try environment.database("rows"))
                try environment.put([([1], [2])], in: rows)
            }
            let environment = try Environment(at: directory)
            let rows = try #require(try environment.database("rows"))
            #expect(try environment.value(of: [1], in: rows) == [2])
        }
    }

    @Test func `stays free for others when opening it failed`() throws {
        try withTemporaryDirectory { directory throws in
            try Data("no pages here, only words that are no meta page".utf8)
                .write(to: URL(fileURLWithPath: directory + "/data.mdb"))
            for _ in 0..<2 {
                #expect { try Environment(at: directory) } throws: { ($0 as? LMDBError) != .alreadyOpen }
            }
            try FileManager.default.removeItem(atPath: directory + "/data.mdb")
            _ = try Environment(at: directory)
        }
    }

    @Test func `is made beside its place, and what an interrupted making left is no hindrance`() throws {
        try withTemporaryDirectory { directory throws in
            let (file, new) = (directory + "/data.mdb", directory + "/data.mdb.new")
            try Data(repeating: 0, count: 4096).write(to: URL(fileURLWithPath: new))
            _ = try Environment(at: directory)
            #expect(FileManager.default.fileExists(atPath: file) && !FileManager.default.fileExists(atPath: new))
        }
        try withTemporaryDirectory { directory throws in
            try FileManager.default.createDirectory(
                atPath: directory + "/data.mdb.new", withIntermediateDirectories: false)
            #expect(throws: LMDBError.self) { try Environment(at: directory) }
            #expect(!FileManager.default.fileExists(atPath: directory + "/data.mdb"))
        }
    }

    /// A row's head in a page (`MDB_node` in mdb.c): u32 bytes of the value, u16 flags, u16 bytes of the key, the key.
    @Test(arguments: [[3, 0, 0, 0, 0, 0, 2, 0, 1, 1], [0x10, 0x27, 0, 0, 1, 0, 2, 0, 2, 2]] as [[UInt8]])
    func `never reads a row past its pages, whichever bit of its length has flipped`(head: [UInt8]) throws {
        try withTemporaryDirectory { directory throws in
            let file = URL(fileURLWithPath: directory + "/data.mdb")
            do {
                let environment = try Environment(at: directory)
                let rows = try #require(try environment.database("rows"))
                let long = [UInt8](repeating: 9, count: 10_000)
                try environment.put([([1, 1], [7, 7, 7]), ([2, 2], long)], in: rows)
            }
            let whole = try Data(contentsOf: file)
            let place = try #require(whole.range(of: Data(head))?.lowerBound)
            for bit in 15..<32 {
                var damaged = whole
                damaged[place + bit / 8] ^= 1 << UInt8(bit % 8)
                try damaged.write(to: file)
                let environment = try Environment(at: directory, options: .init(isReadOnly: true))
                let rows = try #require(try environment.database("rows"))
                #expect(throws: LMDBError.longRow, "bit \(bit)") {
                    try environment.value(of: Array(head.suffix(2)), in: rows)
                }
                #expect(throws: LMDBError.longRow, "bit \(bit)") {
                    try environment.read { transaction throws(LMDBError) in
                        try transaction.forEachRow(in: rows) { _, _ in true }
                    }
                }
            }
        }
    }

    @Test func `needs its directory`() throws {
        try withTemporaryDirectory { directory throws in
            #expect(throws: LMDBError.self) { try Environment(at: directory + "/nowhere") }
        }
    }

    @Test func `says that its map is full, and goes on`() throws {
        try withDatabase(.init(mapByteCount: 256 << 10)) { environment, rows throws in
            try environment.put([([0], [1])], in: rows)
            let large = [UInt8](repeating: 7, count: 100_000)
            #expect(throws: LMDBError.mapFull) {
                try environment.put((1..<20).map { ([$0], large) }, in: rows)
            }
            #expect(try environment.value(of: [0], in: rows) == [1])
            #expect(try environment.value(of: [1], in: rows) == nil, "the full transaction left nothing behind")
            try environment.put([([1], [2])], in: rows)
            #expect(try environment.value(of: [1], in: rows) == [2])
        }
    }

    @Test func `grows its file in written steps ahead of use`() throws {
        try withTemporaryDirectory { directory throws in
            let step = 1 << 20
            let environment = try Environment(
                at: directory, options: .init(mapByteCount: 64 << 20, growthByteCount: step))
            let rows = try #require(try environment.database("rows"))
            func size() throws -> Int {
                let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/data.mdb")
                return try #require(attributes[.size] as? Int)
            }
            #expect(try size() >= step)
            for key in 0..<40 {
                try environment.preallocate()
                let ahead = try size()
                #expect(ahead - environment.usedByteCount >= step / 2, "row \(key)")
                try environment.put([([UInt8(key)], [UInt8](repeating: 1, count: 200_000))], in: rows)
                #expect(try size() == ahead, "a commit of row \(key) stays inside the file")
            }
            #expect(try size() > 8 * step)
        }
    }

    /// Zeros written ahead must not fall on pages that a large commit has just put behind the old end.
    @Test func `keeps its rows when a commit is larger than a step`() throws {
        try withDatabase(.init(mapByteCount: 64 << 20, growthByteCount: 64 << 10)) { environment, rows in
            for key in 0..<30 {
                try environment.preallocate()
                let value = [UInt8](repeating: UInt8(key), count: 10_000 * (key % 7 + 1))
                try environment.write { transaction throws(LMDBError) in
                    for part in 0..<5 { try transaction.append(value, for: [UInt8(key), UInt8(part)], to: rows) }
                }
                let last = try environment.value(of: [UInt8(key), 4], in: rows)
                #expect(last == value)
            }
            try environment.preallocate()
            var rowCount = 0
            try environment.snapshot().forEachRow(in: rows) { key, value in
                rowCount += 1
                return value == [UInt8](repeating: key[0], count: 10_000 * (Int(key[0]) % 7 + 1))
            }
            #expect(rowCount == 150)
        }
    }

    @Test func `opened for reading only shows rows and takes none`() throws {
        try withTemporaryDirectory { directory throws in
            do {
                let environment = try Environment(at: directory)
                let rows = try #require(try environment.database("rows"))
                try environment.put([([1], [2])], in: rows)
            }
            let environment = try Environment(at: directory, options: .init(isReadOnly: true))
            let rows = try #require(try environment.database("rows"))
            #expect(try environment.database("others") == nil)
            #expect(try environment.value(of: [1], in: rows) == [2])
            #expect(throws: LMDBError.self) { try environment.put([([3], [4])], in: rows) }
        }
    }

    @Test func `refuses a file that ends before its last page, and changes nothing in it`() throws {
        try withTemporaryDirectory { directory throws in
            let used: Int
            do {
                let environment = try Environment(at: directory)
                let rows = try #require(try environment.database("rows"))
                for key in 0..<40 {
                    try environment.put([([UInt8(key)], [UInt8](repeating: 1, count: 9000))], in: rows)
                }
                used = environment.usedByteCount
            }
            let path = directory + "/data.mdb"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(whole.count >= used)
            for length in [used - 1, used - 4096, used / 2, 3 * 4096, 2 * 4096] {
                try whole[..<length].write(to: URL(fileURLWithPath: path))
                for isReadOnly in [false, true] {
                    #expect {
                        try Environment(at: directory, options: .init(isReadOnly: isReadOnly))
                    } throws: { error in
                        if case .corrupted? = error as? LMDBError { true } else { false }
                    }
                }
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole[..<length], "\(length) bytes")
            }
            try whole[..<used].write(to: URL(fileURLWithPath: path))
            let environment = try Environment(at: directory)
            let rows = try #require(try environment.database("rows"))
            #expect(try environment.value(of: [39], in: rows)?.count == 9000)
        }
    }

    /// LMDB leaves out pages that a transaction took from the end of the file and gave up again.
    @Test func `opens whatever was committed, also when the newest pages were given up`() throws {
        for rowCount in [1, 2, 7, 60, 300] {
            try withTemporaryDirectory { directory throws in
                for round in 0..<3 {
                    let environment = try Environment(at: directory, options: .init(durability: .relaxed))
                    let rows = try #require(try environment.database("rows"))
                    let keys = (0..<rowCount).map { [UInt8($0 >> 8), UInt8($0 & 255)] }
                    try environment.write { transaction throws(LMDBError) in
                        for key in keys {
                            try transaction.put([UInt8](repeating: 1, count: 900 << 2 * round), for: key, in: rows)
                        }
                        for key in keys.dropFirst(round % 2) { try transaction.delete(key, in: rows) }
                    }
                    #expect(try environment.snapshot().rowCount(of: rows) == (round % 2 == 0 ? 0 : 1))
                }
                _ = try Environment(at: directory, options: .init(isReadOnly: true))
            }
        }
    }

    @Test func `survives a relaxed commit and a sync`() throws {
        try withTemporaryDirectory { directory throws in
            do {
                let environment = try Environment(at: directory, options: .init(durability: .relaxed))
                let rows = try #require(try environment.database("rows"))
                try environment.put([([1], [2])], in: rows)
                try environment.sync()
            }
            let environment = try Environment(at: directory)
            let rows = try #require(try environment.database("rows"))
            #expect(try environment.value(of: [1], in: rows) == [2])
        }
    }
}
