/// A recorded event in place, as a source lends it to whoever folds the log: what is kept must be copied.
///
/// It has what projections read. Who needs everything asks for a ``RecordedEvent``.
public struct EventView: ~Escapable {
    /// Its index in the log.
    public let position: Position
    /// Its index in the stream.
    public let revision: Revision
    /// When it happened, by the producer's clock.
    public let time: Timestamp
    /// When it was written, by the server's clock.
    public let recorded: Timestamp
    /// The schema version of `data`, from 1.
    public let schema: UInt32
    /// The stream's name in UTF-8.
    public let stream: Span<UInt8>
    /// The catalog name in UTF-8.
    public let type: Span<UInt8>
    /// The producer's id of the event in UTF-8.
    public let id: Span<UInt8>
    /// The public part as canonical JSON.
    public let data: Span<UInt8>
    /// What the first slot of personal fields holds for the reader; `nil` where the event has none.
    public let personal: PersonalContent?

    /// A view from its parts.
    @_lifetime(copy stream, copy type, copy id, copy data)
    public init(
        position: Position, revision: Revision, time: Timestamp, recorded: Timestamp, schema: UInt32,
        stream: Span<UInt8>, type: Span<UInt8>, id: Span<UInt8>, data: Span<UInt8>, personal: PersonalContent?
    ) {
        self.position = position
        self.revision = revision
        self.time = time
        self.recorded = recorded
        self.schema = schema
        self.stream = stream
        self.type = type
        self.id = id
        self.data = data
        self.personal = personal
    }
}

extension RecordedEvent {
    /// Lends the event.
    public borrowing func withView<Result, Failure: Error>(
        _ body: (borrowing EventView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (streamText, type, id) = (stream.text, content.type, content.key.id)
        return try body(
            EventView(
                position: position, revision: revision, time: time, recorded: recorded, schema: content.schema,
                stream: streamText.utf8.span, type: type.utf8.span, id: id.utf8.span, data: content.data.span,
                personal: personal.first ?? slots.first.map { .sealed(purpose: $0.purpose) }))
    }
}

extension EventSource {
    /// Lends copies: a source that has its events in place does better.
    public func forEachEvent(
        from position: Position, count: Int, _ body: (borrowing EventView) -> Void
    ) throws(ReadError) {
        for event in try events(from: position, count: count) { event.withView(body) }
    }

    /// No index.
    public var hasIndex: Bool { false }

    /// Looks at all events: a source with an index does better.
    public func firstPosition(of stream: StreamName) throws(ReadError) -> Position? {
        var next = Position.origin
        while next < end {
            let page = try events(from: next, count: Limits.pageEventCountMax)
            if let first = page.first(where: { $0.stream == stream }) { return first.position }
            guard let last = page.last else { return nil }
            next = last.position.next
        }
        return nil
    }
}
