import EventModel
import Foundation
import SeededRandom
import SQLProjections
import SQLite
import Synchronization
import Testing

/// Whether the tz database is installed; an image without it folds days of UTC only.
private let hasZones = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Asia/Shanghai")

@Suite struct `Folding into SQLite` {
    private func fold(
        _ source: ListedEvents, _ path: String, _ bounds: FoldBounds = FoldBounds(), isAnew: Bool = false,
        text: String = totals, isPersonal: Bool = false, isStopped: @escaping @Sendable () -> Bool = { false }
    ) async throws -> SQLFold.Result {
        try await SQLFold(try projection(text), of: source, isPersonal: isPersonal)
            .run(into: path, bounds, isAnew: isAnew, isStopped: isStopped)
    }

    @Test func `gives the rows that the events say`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/rows.db"
            func order(_ position: Int, _ account: String, _ total: Int) throws -> RecordedEvent {
                try event(
                    position, "order.placed", in: "order-\(position)",
                    #"{"account_id":"\#(account)","currency":"CNY","lines":[],"number":"n","order_id":"o","#
                        + #""placed_at":0,"total":\#(total)}"#, time: 1_767_607_800_000)
            }
            let result = try await fold(
                ListedEvents(events: [order(0, "a", 100), order(1, "b", 7), order(2, "a", 23)]), path)
            #expect(result.state.next == Position(3))
            #expect(result.state.latestTime == Timestamp(milliseconds: 1_767_607_800_000))
            let rows = try dump(path)
            #expect(rows.contains("text(\"a\")|integer(2)|integer(123)"))
            #expect(rows.contains("text(\"b\")|integer(1)|integer(7)"))
            #expect(rows.contains("integer(2)|text(\"2026-01-05\")"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
        }
    }

    @Test(.enabled(if: hasZones, "there is no tz database"))
    func `counts the days of its time zone, and keeps to one version of the tz database`() async throws {
        try await withTemporaryDirectory { directory in
            let text = totals.replacing("-- tables", with: "-- time zone: Asia/Shanghai\n-- tables")
            func source(_ count: Int) throws -> ListedEvents {
                // 2026-01-31 at 15:30 and at 16:00 in UTC: the second is midnight in Shanghai.
                try ListedEvents(
                    events: [1_769_873_400_000, 1_769_875_200_000].prefix(count).enumerated().map { position, time in
                        try event(
                            position, "order.placed", in: "order-\(position)",
                            #"{"account_id":"a","currency":"CNY","lines":[],"number":"n","order_id":"o","#
                                + #""placed_at":0,"total":1}"#, time: time)
                    })
            }
            for (name, text, days) in [
                ("utc", totals, ["2026-01-31", "2026-01-31"]), ("zone", text, ["2026-01-31", "2026-02-01"]),
            ] {
                let path = directory + "/\(name).db"
                _ = try await fold(try source(2), path, text: text)
                let seen = try dump(path).filter { $0.hasPrefix("integer(") && $0.contains("2026-") }
                #expect(seen == days.enumerated().map { "integer(\($0))|text(\"\($1)\")" }, "\(name)")
            }
            let path = directory + "/old.db"
            _ = try await fold(try source(1), path, text: text)
            try Connection(at: path, .readWrite).execute("UPDATE _fold SET tz_data = '1999z'")
            let error = await #expect(throws: SQLProjectionError.self) {
                try await fold(try source(2), path, text: text)
            }
            #expect(try #require(error).description.contains("version 1999z of the tz database"))
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `has every event once, wherever it was broken off`(seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            let whole = try orders(30_000, seed: seed)
            _ = try await fold(whole, directory + "/whole.db")
            var random = SplitMix64(seed: seed)
            let path = directory + "/broken.db"
            for _ in 0..<4 {
                var broken = whole
                broken.breaksAt = Position(UInt64.random(in: 0..<30_000, using: &random))
                let stopAfter = Int.random(in: 1...6, using: &random)
                let asked = Atomic<Int>(0)
                do {
                    _ = try await fold(
                        broken, path,
                        isStopped: {
                            asked.add(1, ordering: .relaxed).newValue > stopAfter
                        })
                } catch let error as SQLProjectionError {
                    guard case .log = error else { throw error }
                }
                // Whether it was stopped or broke off: the rows are those of the events that the file names.
                let connection = try Connection(at: path, .readOnly)
                let row = try connection.prepare("SELECT next_position, (SELECT count(*) FROM seen) FROM _fold")
                #expect(try row.step() && row[0] == row[1], "seed \(seed)")
            }
            let result = try await fold(whole, path)
            #expect(result.state.next == Position(30_000), "seed \(seed)")
            #expect(try dump(path) == dump(directory + "/whole.db"), "seed \(seed)")
        }
    }

    @Test func `as of a time equals the log without what happened later`() async throws {
        try await withTemporaryDirectory { directory in
            let seed: UInt64 = 17
            let whole = try orders(3000, seed: seed)
            let asOf = whole.events[1500].time
            let result = try await fold(whole, directory + "/as-of.db", FoldBounds(asOf: asOf))
            let kept = whole.events.filter { $0.time <= asOf }
            #expect(kept.count < 3000 && kept.count > 1000, "seed \(seed)")
            #expect(result.state.eventCount == kept.count)
            #expect(result.state.latestTime == kept.map(\.time).max())
            var renumbered = kept
            for index in renumbered.indices { renumbered[index].position = Position(UInt64(index)) }
            _ = try await fold(ListedEvents(events: renumbered), directory + "/kept.db")
            func sums(_ path: String) throws -> [String] {
                try dump(path).filter { $0.hasPrefix("text(") && !$0.contains("_fold") && !$0.contains("totals") }
            }
            let found = try sums(directory + "/as-of.db")
            #expect(found.count { !$0.contains("CREATE") } == 5)
            #expect(try found == sums(directory + "/kept.db"))
        }
    }

    @Test func `at a position equals the log that ended there, and goes on from there`() async throws {
        try await withTemporaryDirectory { directory in
            let whole = try orders(9000, seed: 5)
            let (at, cut) = (directory + "/at.db", directory + "/cut.db")
            _ = try await fold(whole, at, FoldBounds(at: Position(4999)))
            _ = try await fold(whole.truncated(to: 5000), cut)
            #expect(try dump(at) == dump(cut))
            await #expect(throws: SQLProjectionError.self) { try await fold(whole, at, FoldBounds(at: Position(10))) }
            await #expect(throws: SQLProjectionError.pastEnd(Position(9000), end: Position(9000))) {
                try await fold(whole, at, FoldBounds(at: Position(9000)))
            }
            _ = try await fold(whole, at)
            _ = try await fold(whole, cut)
            #expect(try dump(at) == dump(cut))
        }
    }

    @Test func `leaves rows of another projection, version, text, log or bound alone`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/rows.db"
            let log = try orders(100, seed: 1)
            _ = try await fold(log, path)
            let before = try dump(path)
            var other = log
            other.identity = String(repeating: "f", count: 32)
            let cases: [(ListedEvents, FoldBounds, String, String)] = [
                (other, FoldBounds(), totals, "folded from another log"),
                (log.truncated(to: 99), FoldBounds(), totals, "the rows know 100 events and the log has 99"),
                (log, FoldBounds(asOf: Timestamp(milliseconds: 0)), totals, "without a bound on time"),
                (
                    log, FoldBounds(), totals.replacing(": totals", with: ": sums"),
                    "of projection 'totals', not of 'sums'"
                ),
                (
                    log, FoldBounds(), totals.replacing("version: 1", with: "version: 2"),
                    "by version 1 of the projection"
                ),
                (log, FoldBounds(), totals.replacing("+ 1", with: "+ 2"), "although its version is the same"),
            ]
            for (source, bounds, text, words) in cases {
                let error = await #expect(throws: SQLProjectionError.self) {
                    try await fold(source, path, bounds, text: text)
                }
                let sentences = try #require(error).description
                #expect(sentences.contains(words), "\(sentences)")
                #expect(sentences.split(separator: ". ").count == 3, "\(sentences)")
                #expect(try dump(path) == before)
            }
            let error = await #expect(throws: SQLProjectionError.self) { try await fold(log, path, isPersonal: true) }
            #expect(try #require(error).description.contains("without opened personal fields"))
        }
    }

    @Test func `touches no file that it did not make`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/notes.txt"
            for content in ["a text", "SQLite format 3\u{0} and then nothing that one could read, but long enough"] {
                try Data((content + String(repeating: ".", count: 2000)).utf8).write(to: URL(fileURLWithPath: path))
                for isAnew in [false, true] {
                    await #expect(throws: SQLProjectionError.self) {
                        try await fold(try orders(5, seed: 1), path, isAnew: isAnew)
                    }
                }
                #expect(FileManager.default.contents(atPath: path)?.count == content.utf8.count + 2000)
            }
        }
    }

    @Test func `anew replaces the rows at the end and not before`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/rows.db"
            let log = try orders(20_000, seed: 2)
            _ = try await fold(log, path)
            let before = try dump(path)
            let text = totals.replacing("version: 1", with: "version: 2").replacing("orders + 1", with: "orders + 10")
            let asked = Atomic<Int>(0)
            let stopped = try await fold(
                log, path, isAnew: true, text: text,
                isStopped: {
                    asked.add(1, ordering: .relaxed).newValue > 2
                })
            #expect(stopped.isStopped && stopped.state.next > .origin)
            #expect(try dump(path) == before)
            let resumed = try await fold(log, path, isAnew: true, text: text)
            #expect(resumed.first == stopped.state.next)
            _ = try await fold(log, directory + "/other.db", text: text)
            #expect(try dump(path) == dump(directory + "/other.db"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["other.db", "rows.db"])
        }
    }

    @Test func `stops at a statement that fails, and keeps nothing of its batch`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/rows.db"
            let text = totals.replacing(
                "INSERT INTO seen VALUES (:position, :day)",
                with:
                    "INSERT INTO seen VALUES (CASE WHEN :position = 77 THEN 76 ELSE :position END, :day)")
            let error = await #expect(throws: SQLProjectionError.self) {
                try await fold(try orders(100, seed: 3), path, text: text)
            }
            let sentences = try #require(error).description
            #expect(sentences.hasPrefix("line 10 failed for the order.placed at position 77: UNIQUE"), "\(sentences)")
            #expect(sentences.contains("No event is in the rows."), "\(sentences)")
            #expect(try dump(path).count { $0.hasPrefix("integer(") } == 0)
        }
    }

    @Test func `breaks a statement off that goes on and on, and goes on from its last commit`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/rows.db"
            let endless = """
                -- on order.placed
                UPDATE totals SET total = total WHERE account IN (
                WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c
                LIMIT CASE WHEN :position = 20000 THEN -1 ELSE 0 END) SELECT x FROM c);
                """
            let questionCount = Atomic<Int>(0)
            // Fewer questions are asked up to the last batch; from then on somebody wants it to end.
            let result = try await fold(try orders(20_001, seed: 5), path, text: totals + "\n" + endless) {
                questionCount.add(1, ordering: .relaxed).newValue > 10
            }
            #expect(result.isStopped && result.state.next == Position(16_384))
            #expect(try dump(path).contains { $0.hasPrefix("integer(16383)|") })
        }
    }

    @Test func `says that there is no place, and leaves alone what stands beside`() async throws {
        try await withTemporaryDirectory { directory in
            for path in ["", directory, directory + "/none/rows.db"] {
                let error = await #expect(throws: SQLProjectionError.self) { try await fold(orders(5, seed: 1), path) }
                #expect(try #require(error).description.hasPrefix("no file can be opened at '\(path)'"))
            }
            let beside = directory + "/rows.db.new"
            try Data("a text that is long enough to be looked at".utf8).write(to: URL(fileURLWithPath: beside))
            _ = try await fold(try orders(5, seed: 1), directory + "/rows.db")
            let error = await #expect(throws: SQLProjectionError.self) {
                try await fold(orders(5, seed: 1), directory + "/rows.db", isAnew: true)
            }
            #expect(error == .notAFold(beside))
            #expect(FileManager.default.contents(atPath: beside)?.count == 42)
        }
    }

    @Test func `stops when the data makes a statement look at the clock`() async throws {
        try await withTemporaryDirectory { directory in
            let text = totals.replacing(":day", with: "date(:data ->> 'number')")
            let log = try orders(9, seed: 3)
            var events = log.events
            let data = String(decoding: events[4].content.data, as: UTF8.self)
            events[4].content.data = Array(data.replacing(#""number":"n""#, with: #""number":"now""#).utf8)
            _ = try await fold(log, directory + "/a.db", text: text)
            let error = await #expect(throws: SQLProjectionError.self) {
                try await fold(ListedEvents(events: events), directory + "/b.db", text: text)
            }
            #expect(try #require(error).description.contains("at position 4: it asked for the clock"))
        }
    }

    @Test func `sees personal fields only where they were opened`() async throws {
        try await withTemporaryDirectory { directory in
            let text = """
                -- projection: people
                -- version: 1
                -- tables
                CREATE TABLE people (stream, personal);
                -- on contact.created
                INSERT INTO people VALUES (:stream, :personal);
                """
            var created = try event(0, "contact.created", in: "contact-1", #"{"contact_id":"1"}"#)
            created.slots = [
                PersonalSlot(key: "k", purpose: "identity", fieldRoot: [], ciphertextHash: [], ciphertextByteCount: 0)
            ]
            _ = try await fold(ListedEvents(events: [created]), directory + "/sealed.db", text: text)
            #expect(try dump(directory + "/sealed.db").contains(#"text("contact-1")|null"#))
            created.personal = [.opened(Array(#"{"family_name":"Li"}"#.utf8))]
            _ = try await fold(ListedEvents(events: [created]), directory + "/opened.db", text: text, isPersonal: true)
            #expect(try dump(directory + "/opened.db").contains { $0.contains("family_name") })
        }
    }
}
