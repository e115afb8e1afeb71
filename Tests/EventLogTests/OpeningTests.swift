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
        #expect(try String(contentsOf: format, encoding: .utf8) == "rapport 2\n")
        try Data("rapport 9\n".utf8).write(to: format)
        #expect(throws: OpenError.otherFormat(found: "rapport 9")) { try place.open() }
        #expect(throws: OpenError.otherFormat(found: "rapport 9")) { try place.open(isReadOnly: true) }
        try FileManager.default.removeItem(at: format)
        #expect(throws: OpenError.otherFormat(found: "")) { try place.open() }
        try Data("rapport 2\n".utf8).write(to: format)
        try await place.withLog { log async throws in #expect(try log.everything().count == 3) }
    }
}
