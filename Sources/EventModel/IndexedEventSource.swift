/// A log that finds events by their stream and by index terms, and not only by position.
public protocol IndexedEventSource: EventSource {
    /// Where the events lie that belong to some streams or match some items: all that stand before a position,
    /// ascending, each once.
    ///
    /// These are candidates: an index that keeps parts of its keys names another event once in some thousand questions.
    ///
    /// - Parameter items: any of which an event may match; each names a type or a term.
    func positions(
        of streams: [StreamName], matching items: [EventQuery.Item], before end: Position
    ) throws(ReadError) -> [Position]

    /// Lends the events at some positions, which ascend.
    func forEachEvent(at positions: [Position], _ body: (borrowing EventView) -> Void) throws(ReadError)
}
