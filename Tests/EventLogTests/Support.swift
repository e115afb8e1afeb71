import EventLog
import EventModel
import EventTestKit
import Foundation
import RecordFormat
import Testing

extension EventLog {
    /// Hands requests to the writer in one submission and waits for their outcomes.
    func outcomes(of requests: [AppendRequest]) async -> [Result<[AppendReceipt], AppendError>] {
        await withCheckedContinuation { continuation in
            submit(requests) { continuation.resume(returning: $0) }
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

    /// Changes one byte of a closed log's file wherever the record of an event stands in it.
    ///
    /// - Returns: how many copies there were; LMDB leaves old ones behind.
    @discardableResult
    func damage(_ event: RecordedEvent, byte: Int) throws -> Int {
        let file = URL(fileURLWithPath: directory.path + "/log/data.mdb")
        var bytes = try Data(contentsOf: file)
        let record = Data(Record.encode(event))
        var copyCount = 0
        var start = bytes.startIndex
        while let found = bytes.range(of: record, in: start..<bytes.endIndex) {
            bytes[found.lowerBound + byte] ^= 0x20
            copyCount += 1
            start = found.upperBound
        }
        try bytes.write(to: file)
        return copyCount
    }
}
