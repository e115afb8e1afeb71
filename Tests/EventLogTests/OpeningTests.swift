import EventLog
import EventModel
import EventTestKit
import Foundation
import Testing

@Suite struct `Opening a log` {
    @Test func `again finds everything as it was`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 100)
        try await place.withLog { log async throws in
            #expect(try log.everything() == before)
            #expect(try log.stream(.account("a0"))?.revision == Revision(33))
            let receipt = try await log.append([Proposal.classified(id: "next")], to: .account("a0"))
            #expect(receipt.position == Position(100) && receipt.revision == Revision(34))
        }
    }

    @Test func `again recognises retries from before`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 10)
        try await place.withLog { log async throws in
            let receipt = try await log.append([Proposal.assigned(to: "u3", id: "e7")], to: .account("a1"))
            #expect(receipt.isDuplicate && receipt.position == before[7].position)
            await #expect(throws: AppendError.duplicateID(firstAt: Position(7))) {
                try await log.append([
                    StreamAppend([Proposal.classified(id: "e7")], to: .account("a1"), expecting: .any)
                ])
            }
        }
    }

    @Test func `without its index builds the index anew`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 500)
        try FileManager.default.removeItem(atPath: place.directory.path + "/index")
        try await place.withLog { log async throws in
            let query = EventQuery([.init(terms: ["owner:u1", "stream:account-a2"])])
            let found = try log.read(ReadRequest(.query(query), count: 1000))
            #expect(found == before.filter { $0.position.index % 4 == 1 && $0.position.index % 3 == 2 })
            #expect(try log.stream(.account("a2"))?.last == before.last { $0.stream == .account("a2") }?.position)
        }
    }

    @Test func `with another version of the catalog builds the index anew`() async throws {
        let place = try TemporaryLog()
        _ = try await place.filled(eventCount: 200)
        func ownerCount(_ extractor: TermExtractor) async throws -> Int {
            try await place.withLog(extractor: extractor) { log async throws in
                try log.read(ReadRequest(.query(EventQuery([.init(terms: ["owner:u1"])])), count: 1000)).count
            }
        }
        #expect(try await ownerCount(TermExtractor(version: 9) { _, _, _ in [] }) == 0)
        #expect(try await ownerCount(.owners(version: 10)) == 50)
        #expect(try await ownerCount(.ownersOnly) == 50)
    }

    /// What a crash leaves: the files as they are while the log is open, after the last acknowledgement.
    @Test func `after a crash finds every acknowledged event`() async throws {
        let place = try TemporaryLog()
        let log = try place.open()
        for round in 0..<5 {
            for index in 0..<20 {
                try await log.append([Proposal.assigned(id: "e\(round)-\(index)")], to: .account("a\(index % 3)"))
            }
            let copy = try TemporaryLog()
            try FileManager.default.removeItem(atPath: copy.directory.path)
            try FileManager.default.copyItem(atPath: place.directory.path, toPath: copy.directory.path)
            let acknowledged = try log.everything()
            try await copy.withLog { survivor async throws in
                #expect(try survivor.everything() == acknowledged)
                #expect(try survivor.stream(.account("a0")) == log.stream(.account("a0")))
                let receipt = try await survivor.append([Proposal.assigned(id: "e\(round)-0")], to: .account("a0"))
                #expect(receipt.isDuplicate)
            }
        }
        log.close()
    }

    @Test func `for writing is for one process, and once`() async throws {
        let place = try TemporaryLog()
        let log = try place.open()
        #expect(throws: OpenError.inUse) { try place.open() }
        log.close()
    }

    @Test func `for reading needs a log that stands`() throws {
        let place = try TemporaryLog()
        #expect(throws: OpenError.noLog) { try place.open(isReadOnly: true) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.directory.path).isEmpty)
    }

    @Test func `for reading takes no events`() async throws {
        let place = try TemporaryLog()
        let before = try await place.filled(eventCount: 3)
        let log = try place.open(isReadOnly: true)
        #expect(try log.everything() == before)
        await #expect(throws: AppendError.logFailed) {
            try await log.append([StreamAppend([Proposal.classified(id: "x")], to: .account("a1"), expecting: .any)])
        }
        #expect(!log.status.isWritable)
    }

    @Test func `of another format is refused, and nothing is touched`() async throws {
        let place = try TemporaryLog()
        _ = try await place.filled(eventCount: 3)
        let format = URL(fileURLWithPath: place.directory.path + "/FORMAT")
        let text = try String(contentsOf: format, encoding: .utf8)
        #expect(text == "rapport 4\nlog \(try place.open(isReadOnly: true).identity)\n" && text.utf8.count == 47)
        try Data("rapport 9\n".utf8).write(to: format)
        #expect(throws: OpenError.otherFormat(found: "rapport 9")) { try place.open() }
        #expect(throws: OpenError.otherFormat(found: "rapport 9")) { try place.open(isReadOnly: true) }
        try FileManager.default.removeItem(at: format)
        #expect(throws: OpenError.otherFormat(found: "")) { try place.open() }
        let cut = OpenError.otherFormat(found: "rapport 4, without the log's identity")
        for length in 9..<text.utf8.count {
            try Data(text.utf8.prefix(length)).write(to: format)
            #expect(throws: cut) { try place.open() }
            #expect(throws: cut) { try place.open(isReadOnly: true) }
        }
        try Data(text.utf8).write(to: format)
        try await place.withLog { log async throws in #expect(try log.everything().count == 3) }
    }

    @Test func `keeps its identity, which no other log has`() async throws {
        let (place, other) = (try TemporaryLog(), try TemporaryLog())
        let first = try await place.withLog { log async throws in log.identity }
        let again = try await place.withLog { log async throws in log.identity }
        #expect(first == again && first.utf8.count == 32)
        #expect(try await other.withLog { log async throws in log.identity } != first)
        let copy = try TemporaryLog()
        try await place.withLog { log async throws in _ = try log.backup(to: copy.directory.path) }
        #expect(try await copy.withLog { log async throws in log.identity } == first, "a backup has its log's")
    }

    @Test func `builds its index anew beside the index of another log`() async throws {
        let (place, other) = (try TemporaryLog(), try TemporaryLog())
        try await place.withLog { log async throws in try await log.append(Self.assignments("a"), to: .account("a1")) }
        // As long, and with the same ids and another content: nothing but the identity tells them apart.
        try await other.withLog { log async throws in try await log.append(Self.assignments("b"), to: .account("a1")) }
        let index = place.directory.path + "/index"
        try FileManager.default.removeItem(atPath: index)
        try FileManager.default.copyItem(atPath: other.directory.path + "/index", toPath: index)
        let findings = try place.open(isReadOnly: true).audit { _, _ in }.findings
        #expect(findings.count == 1 && findings.first?.sentences.contains("another log") == true)
        try await place.withLog { log async throws in
            #expect(try log.read(ReadRequest(.query(EventQuery([.init(terms: ["owner:a"])])))).count == 70)
            #expect(try log.read(ReadRequest(.query(EventQuery([.init(terms: ["owner:b"])])))).isEmpty)
        }
    }

    private static func assignments(_ owner: String) -> [ProposedEvent] {
        (0..<70).map { Proposal.assigned(to: owner, id: "e\($0)") }
    }
}
