public import EventModel
import WireProtocol

/// Where one ingested event stands.
public struct IngestReceipt: Hashable, Sendable {
    /// Its position in the log.
    public let position: Position
    /// Whether it was there already, with the same content.
    public let isDuplicate: Bool

    /// A receipt from its parts.
    public init(position: Position, isDuplicate: Bool) {
        self.position = position
        self.isDuplicate = isDuplicate
    }
}

extension EventClient {
    /// Appends to several streams, all or none, and waits until that is on disk.
    ///
    /// The server derives the index terms from type and data, so those of the proposals are not sent.
    ///
    /// - Parameter condition: Refuses everything if an event that it means stands already; none by default.
    /// - Returns: One receipt for each stream, in the order of the request.
    /// - Throws: ``AppendError/refused(_:_:)`` with the server's words; ``AppendError/outcomeUnknown(_:)`` when no
    ///   answer came: send the same events with the same ids again.
    public func append(
        _ streams: [StreamAppend], unless condition: AppendCondition? = nil
    ) async throws(AppendError) -> [AppendReceipt] {
        guard !streams.isEmpty, streams.allSatisfy({ !$0.events.isEmpty }) else { throw .empty }
        guard condition?.query.isSendable ?? true else {
            throw .refused(
                .syntax,
                "a name in the condition is empty or has a comma. Nothing was sent. Name types and terms one by one.")
        }
        let drafts = streams.map { StreamDraft($0.events.map(EventDraft.init), to: $0.stream, expecting: $0.expecting) }
        let arguments = AppendDraft(drafts, condition: condition).arguments
        let reply = try await appendReply([Array("LOG.APPEND".utf8)] + arguments)
        guard let elements = reply.elements, elements.count == streams.count else { throw .notUnderstood }
        var receipts: [AppendReceipt] = []
        for (element, append) in zip(elements, streams) {
            guard element["stream"]?.text == append.stream.text, let position = element.index("position"),
                let revision = element.index("revision"), let isDuplicate = element["duplicate"]?.boolean
            else { throw .notUnderstood }
            receipts.append(
                AppendReceipt(
                    stream: append.stream, position: Position(position), revision: Revision(revision),
                    isDuplicate: isDuplicate))
        }
        return receipts
    }

    /// Appends to one stream.
    public func append(
        _ events: [ProposedEvent], to stream: StreamName, expecting: ExpectedRevision,
        unless condition: AppendCondition? = nil
    ) async throws(AppendError) -> AppendReceipt {
        let receipts = try await append(
            [StreamAppend(events, to: stream, expecting: expecting)], unless: condition)
        guard let receipt = receipts.first else { throw .notUnderstood }
        return receipt
    }

    /// Appends CloudEvents in JSON, each for itself: a refusal of one does not touch the others.
    ///
    /// - Returns: A receipt or a refusal for each line, in order.
    /// - Throws: An error about the request as a whole, as ``append(_:unless:)`` does.
    public func ingest(
        lines: [[UInt8]]
    ) async throws(AppendError) -> [Result<IngestReceipt, AppendError>] {
        guard !lines.isEmpty else { return [] }
        let reply = try await appendReply([Array("LOG.INGEST".utf8)] + lines)
        guard let elements = reply.elements, elements.count == lines.count else { throw .notUnderstood }
        return elements.map { element in
            if case .error(let code, let message) = element { return .failure(.refusal(code, message)) }
            guard let position = element.index("position"), let isDuplicate = element["duplicate"]?.boolean else {
                return .failure(.notUnderstood)
            }
            return .success(IngestReceipt(position: Position(position), isDuplicate: isDuplicate))
        }
    }

    /// Sends an append. What the server would answer by closing the connection is refused here.
    private func appendReply(_ command: [[UInt8]]) async throws(AppendError) -> RESPValue {
        guard command.count <= WireLimits.argumentCountMax else {
            throw .tooLarge(
                what: "arguments of one request", count: command.count, limit: WireLimits.argumentCountMax)
        }
        let byteCount = command.reduce(0) { $0 + $1.count }
        guard byteCount <= Limits.requestByteCountMax else {
            throw .tooLarge(what: "bytes of one request", count: byteCount, limit: Limits.requestByteCountMax)
        }
        let reply: RESPValue
        do throws(ReplyLost) { reply = try await exchange(command) } catch { throw .outcomeUnknown(error.why) }
        if case .error(let code, let message) = reply { throw .refusal(code, message) }
        return reply
    }
}

extension EventDraft {
    /// A proposal as it travels.
    fileprivate init(_ event: ProposedEvent) {
        let content = event.content
        self.init(type: content.type, data: content.data)
        id = content.key.id
        source = content.key.source
        time = event.time
        meta = content.meta == EventContent.emptyObject ? nil : content.meta
        actor = content.actor
        correlation = content.correlation
        causation = content.causation
        reason = content.reason
        schema = content.schema
    }
}

extension AppendError {
    /// A refusal of the server. `UNAVAILABLE` is how it says that a sync failed: the outcome is unknown, and the first
    /// sentence says why.
    static func refusal(_ code: String, _ message: String) -> AppendError {
        switch ErrorCode(rawValue: code) {
        case .unavailable?: .outcomeUnknown(message.firstSentence)
        case let known?: .refused(known, message)
        case nil: .refused(.unavailable, "\(code) \(message)")
        }
    }

    static let notUnderstood = AppendError.outcomeUnknown("the server's answer was not understood")
}

extension String {
    /// The text up to the first full stop that ends a sentence, without it.
    fileprivate var firstSentence: String {
        var end = startIndex
        while end < endIndex {
            let next = index(after: end)
            if self[end] == ".", next == endIndex || self[next] == " " { break }
            end = next
        }
        return String(self[..<end])
    }
}

extension RESPValue {
    /// A member that is a position or a revision.
    func index(_ name: String) -> UInt64? { self[name]?.integer.flatMap { UInt64(exactly: $0) } }
}
