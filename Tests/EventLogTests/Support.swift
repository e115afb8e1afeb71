@testable import EventLog
import EventModel
import EventTestKit
import Foundation
import RecordFormat
import Testing

extension EventLog {
    /// Hands requests to the writer in one submission and waits for their outcomes.
    func outcomes(of requests: [AppendRequest]) async -> [Result<[AppendReceipt], AppendError>] {
        var prepared = PreparedRequests(for: self)
        for request in requests { prepared.append(request) }
        let outcomes = await withCheckedContinuation { continuation in
            submit(prepared) { continuation.resume(returning: $0) }
        }
        return requests.indices.map { place in
            outcomes[place].map { receipts in
                zip(requests[place].appends, receipts).map { append, receipt in
                    AppendReceipt(
                        stream: append.stream, position: receipt.position, revision: receipt.revision,
                        isDuplicate: receipt.isDuplicate)
                }
            }
        }
    }

    /// Every event of the log.
    func everything() throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try self.events(from: Position(UInt64(events.count)), count: 4096)
            if page.isEmpty { return events }
            events += page
        }
    }

    /// Appends events to one stream, whatever its revision.
    @discardableResult
    func append(_ events: [ProposedEvent], to stream: StreamName) async throws -> AppendReceipt {
        try #require(try await append([StreamAppend(events, to: stream, expecting: .any)]).first)
    }
}

extension Data {
    /// Every place where some bytes begin.
    func places(of bytes: Data) -> [Int] {
        var found: [Int] = []
        while let next = range(of: bytes, in: (found.last.map { $0 + 1 } ?? 0)..<count) {
            found.append(next.lowerBound)
        }
        return found
    }
}

extension AppendRequest {
    /// One event for one stream.
    init(_ event: ProposedEvent, to stream: StreamName, expecting: ExpectedRevision = .any) {
        self.init([StreamAppend([event], to: stream, expecting: expecting)])
    }
}

extension TemporaryLog {
    /// Fills the log with this many events over three streams, and closes it. Returns what it holds.
    func filled(eventCount: Int) async throws -> [RecordedEvent] {
        try await withLog { log async throws in
            for index in 0..<eventCount {
                try await log.append(
                    [Proposal.assigned(to: "u\(index % 4)", id: "e\(index)")], to: .account("a\(index % 3)"))
            }
            return try log.everything()
        }
    }

    /// Flips a bit of a part of a closed log's blocks, in the middle of its frame. Returns where the part begins.
    func damageBlock(part number: UInt64) async throws -> Position {
        let position = Position(number * UInt64(SealedBlock.partRecordCount))
        let frame = try await withLog { log in
            try #require(try log.store.blocks.packedParts(from: position, before: position.next).first).get().frame
        }
        let file = URL(fileURLWithPath: directory.path + "/log/data.mdb")
        var bytes = try Data(contentsOf: file)
        // LMDB keeps a large row in consecutive pages, so the frame stands in the file as it is.
        let place = try #require(bytes.range(of: Data(frame))?.lowerBound)
        bytes[place + frame.count / 2] ^= 1
        try bytes.write(to: file)
        return position
    }

    /// The journal's first file, which a small log never leaves.
    var journalFile: URL { URL(fileURLWithPath: directory.path + "/log/journal-0") }
    var stampFile: URL { URL(fileURLWithPath: directory.path + "/log/end") }

    func journal() throws -> Data { try Data(contentsOf: journalFile) }

    /// Changes one byte of a closed log's journal where the record of an event stands in it.
    func damage(_ event: RecordedEvent, byte: Int) throws {
        var bytes = try journal()
        let found = try #require(bytes.range(of: Data(event.recordBytes)))
        bytes[found.lowerBound + byte] ^= 0x20
        try bytes.write(to: journalFile)
    }
}

extension RecordedEvent {
    /// The bytes of its record.
    var recordBytes: [UInt8] {
        Record.bytes(of: self)
    }
}

extension TemporaryLog {
    /// A copy of the directory as it is now, open or not.
    func copied() throws -> TemporaryLog {
        let copy = try TemporaryLog(mapByteCount: mapByteCount)
        try FileManager.default.removeItem(atPath: copy.directory.path)
        try FileManager.default.copyItem(atPath: directory.path, toPath: copy.directory.path)
        return copy
    }
}
