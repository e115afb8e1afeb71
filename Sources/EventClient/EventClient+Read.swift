import CanonicalJSON
import CloudEvents
public import EventModel
import WireProtocol

extension EventClient {
    /// Reads one page.
    ///
    /// - Throws: ``ReadError/refused(_:_:)`` with the server's words; ``ReadError/connection(_:)`` without an answer.
    public func read(_ request: ReadRequest) async throws(ReadError) -> [RecordedEvent] {
        try await page(PageRequest(request))
    }

    /// Reads one page forward, and waits for its first event when there is none yet: the next step of a follower.
    ///
    /// - Parameter milliseconds: How long to wait, at most `Limits.blockMillisecondsMax`; afterwards the page is empty.
    public func follow(
        _ request: ReadRequest, waitingMilliseconds milliseconds: Int
    ) async throws(ReadError) -> [RecordedEvent] {
        try await page(PageRequest(request, blockMilliseconds: milliseconds))
    }

    /// What is known of a stream; `nil` if it has no event.
    public func stream(_ name: StreamName) async throws(ReadError) -> StreamState? {
        let reply = try await answer([Array("LOG.STREAM".utf8), Array(name.text.utf8)])
        if reply == .null { return nil }
        guard let revision = reply.index("revision"), let first = reply.index("first"), let last = reply.index("last")
        else { throw .notUnderstood }
        return StreamState(revision: Revision(revision), first: Position(first), last: Position(last))
    }

    private func page(_ request: PageRequest) async throws(ReadError) -> [RecordedEvent] {
        try check(request.read.selection)
        guard let lines = try await answer(request.command).elements else { throw .notUnderstood }
        var events: [RecordedEvent] = []
        events.reserveCapacity(lines.count)
        for line in lines {
            guard let bytes = line.bytes else { throw .notUnderstood }
            events.append(try event(bytes))
        }
        return events
    }

    /// A comma would make two names of one.
    private func check(_ selection: ReadSelection) throws(ReadError) {
        guard case .query(let query) = selection else { return }
        guard query.isSendable else {
            throw .refused(
                .syntax,
                "a name in the query is empty or has a comma. Nothing was read. Name types and terms one by one.")
        }
    }

    private func event(_ line: [UInt8]) throws(ReadError) -> RecordedEvent {
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(parsing: line) } catch { throw .notUnderstood }
        do throws(CloudEventError) { return try CloudEvent.readRecorded(document.root) } catch { throw .notUnderstood }
    }
}
