import LMDB
import Testing

@Suite struct `A transaction` {
    @Test func `appends at the right edge only`() throws {
        try withDatabase { environment, rows throws in
            func append(_ key: UInt8) throws(LMDBError) {
                try environment.write { transaction throws(LMDBError) in
                    try transaction.append([key], for: [key], to: rows)
                }
            }
            try append(5)
            #expect(throws: LMDBError.keyExists) { try append(4) }
            #expect(throws: LMDBError.keyExists) { try append(5) }
            try append(6)
            #expect(try environment.read { transaction throws(LMDBError) in try transaction.rowCount(of: rows) } == 2)
        }
    }

    @Test func `leaves nothing behind when its body throws`() throws {
        try withDatabase { environment, rows throws in
            #expect(throws: LMDBError.keyExists) {
                try environment.write { transaction throws(LMDBError) in
                    try transaction.put([1], for: [1], in: rows)
                    #expect(try transaction.value(of: [1], in: rows) == [1], "it reads its own writes")
                    throw .keyExists
                }
            }
            #expect(try environment.value(of: [1], in: rows) == nil)
        }
    }

    @Test func `keeps its snapshot while others write`() throws {
        try withDatabase { environment, rows throws in
            try environment.put([([1], [1]), ([2], [1])], in: rows)
            let before = try environment.snapshot()
            try environment.write { transaction throws(LMDBError) in
                try transaction.put([2], for: [1], in: rows)
                try transaction.delete([2], in: rows)
                try transaction.put([2], for: [3], in: rows)
            }
            #expect(try before.value(of: [1], in: rows) == [1])
            #expect(try before.value(of: [2], in: rows) == [1])
            #expect(try before.value(of: [3], in: rows) == nil)
            let after = try environment.snapshot()
            #expect(try after.value(of: [1], in: rows) == [2])
            #expect(try after.rowCount(of: rows) == 2)
        }
    }

    @Test func `deletes what is there, and says when nothing was`() throws {
        try withDatabase { environment, rows throws in
            try environment.put([([1], [1])], in: rows)
            let found = try environment.write { transaction throws(LMDBError) in
                [try transaction.delete([1], in: rows), try transaction.delete([1], in: rows)]
            }
            #expect(found == [true, false])
        }
    }

    @Test func `empties a database that stays open`() throws {
        try withDatabase { environment, rows throws in
            try environment.put((0..<200).map { ([$0], [UInt8](repeating: $0, count: 500)) }, in: rows)
            try environment.write { transaction throws(LMDBError) in
                try transaction.empty(rows)
                try transaction.append([9], for: [1], to: rows)
            }
            let snapshot = try environment.snapshot()
            #expect(try snapshot.rowCount(of: rows) == 1)
            #expect(try snapshot.value(of: [1], in: rows) == [9])
        }
    }

    @Test func `over no database fails without harm`() throws {
        try withDatabase { environment, _ throws in
            #expect(throws: LMDBError.self) { try environment.value(of: [1], in: .none) }
        }
    }
}

@Suite struct `A cursor` {
    /// Keys 10, 20, …, 50, each with its tenth as value.
    private func withRows<Result>(_ body: (ReadTransaction, Database) throws -> Result) throws -> Result {
        try withDatabase { environment, rows throws in
            try environment.put((1...5).map { ([$0 * 10], [$0]) }, in: rows)
            return try body(environment.snapshot(), rows)
        }
    }

    @Test func `seeks at or after a key`() throws {
        try withRows { snapshot, rows throws in
            try snapshot.withCursor(in: rows) { cursor throws in
                for (sought, found) in [(0, 10), (10, 10), (11, 20), (50, 50)] as [(UInt8, UInt8)] {
                    let isFound = try cursor.seek(atOrAfter: [sought])
                    #expect(isFound)
                    #expect(cursor.key == [found], "sought \(sought)")
                }
                let isPastEnd = try cursor.seek(atOrAfter: [51])
                #expect(!isPastEnd)
                let isFoundBehindPrefix = try cursor.seek(atOrAfter: [10, 0])
                #expect(isFoundBehindPrefix)
                #expect(cursor.key == [20], "a longer key lies behind its prefix")
            }
        }
    }

    @Test func `seeks at or before a key`() throws {
        try withRows { snapshot, rows throws in
            try snapshot.withCursor(in: rows) { cursor throws in
                for (sought, found) in [(10, 10), (19, 10), (50, 50), (51, 50), (255, 50)] as [(UInt8, UInt8)] {
                    let isFound = try cursor.seek(atOrBefore: [sought])
                    #expect(isFound)
                    #expect(cursor.key == [found], "sought \(sought)")
                    #expect(cursor.value == [found / 10])
                }
                let isBeforeFirst = try cursor.seek(atOrBefore: [9])
                #expect(!isBeforeFirst)
            }
        }
    }

    @Test func `goes through all rows both ways`() throws {
        try withRows { snapshot, rows throws in
            try snapshot.withCursor(in: rows) { cursor throws in
                var keys: [UInt8] = []
                var isOnRow = try cursor.first()
                while isOnRow {
                    keys += cursor.key
                    isOnRow = try cursor.next()
                }
                #expect(keys == [10, 20, 30, 40, 50])
                isOnRow = try cursor.last()
                while isOnRow {
                    #expect(cursor.key == [keys.removeLast()])
                    isOnRow = try cursor.previous()
                }
                #expect(keys.isEmpty)
            }
        }
    }

    @Test func `finds no place in an empty database`() throws {
        try withDatabase { environment, rows throws in
            let snapshot = try environment.snapshot()
            try snapshot.withCursor(in: rows) { cursor throws in
                let hasFirst = try cursor.first()
                #expect(!hasFirst)
                let hasLast = try cursor.last()
                #expect(!hasLast)
                let hasOneAfter = try cursor.seek(atOrAfter: [0])
                #expect(!hasOneAfter)
                let hasOneBefore = try cursor.seek(atOrBefore: [255])
                #expect(!hasOneBefore)
            }
        }
    }

    @Test func `walks from a key that is included, and stops when told to`() throws {
        try withRows { snapshot, rows throws in
            func keys(from start: UInt8?, backward: Bool, count: Int = .max) throws -> [UInt8] {
                var keys: [UInt8] = []
                try snapshot.forEachRow(in: rows, from: start.map { [$0] }, backward: backward) { key, _ in
                    keys += key
                    return keys.count < count
                }
                return keys
            }
            #expect(try keys(from: 30, backward: false) == [30, 40, 50])
            #expect(try keys(from: 30, backward: true) == [30, 20, 10])
            #expect(try keys(from: 31, backward: true) == [30, 20, 10])
            #expect(try keys(from: nil, backward: true, count: 2) == [50, 40])
            #expect(try keys(from: 9, backward: true) == [])
            #expect(try keys(from: 51, backward: false) == [])
        }
    }
}
