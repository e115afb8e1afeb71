/// A log that finds events by their stream and by index terms, and not only by position.
public protocol IndexedEventSource: EventSource {
    /// One page of events, ascending by position where the request says nothing else. It is empty only if nothing is
    /// left; the next page begins behind the last event of this one.
    func read(_ request: ReadRequest) throws(ReadError) -> [RecordedEvent]
}
