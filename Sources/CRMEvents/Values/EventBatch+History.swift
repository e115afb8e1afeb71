public import EventModel

extension [CRMEvent] {
    /// Decodes a history from its first event on, each event with its owner.
    ///
    /// - Throws: ``UndecodableEvent`` if one of the events cannot be decoded.
    public init(history events: some Sequence<RecordedEvent>) throws(UndecodableEvent) {
        var batch = EventBatch()
        for event in events { event.withView { batch.append($0) } }
        self = try batch.events()
        var anchors = Anchors()
        anchors.attribute(&self) { _ in nil }
    }
}
