internal import EventModel
internal import RecordFormat

/// Requests as the writer looks at them when their turn comes.
extension PreparedRequests {
    /// The stream of an event.
    func stream(of event: Int) -> StreamName {
        withRecord(of: event) { record throws(RecordError) in StreamName(recorded: try record.text(.stream)) }
    }

    /// What an event's id says of a recorded event: `nil` if that has another id.
    ///
    /// - Parameter tags: gives the content tags of the recorded event's slots, asked for only where it has some.
    func compare(
        _ event: Int, with recorded: Span<UInt8>, at position: Position,
        tags: (borrowing RecordView) -> [[UInt8]?]
    ) -> Known? {
        guard let known = try? RecordView(recorded, at: position) else { return nil }
        return withRecord(of: event) { draft throws(RecordError) in
            guard draft.hasSameID(as: known) else { return nil }
            let isSame = draft.isDraft(of: known, tags: known.hasSlots ? tags(known) : [])
            return Known(position: position, revision: known.revision, isSame: isSame)
        }
    }

    /// Takes an event into its stream's state; returns why its lifecycle does not allow it.
    func advance(_ state: inout LifecycleState, by event: Int) -> IllegalTransition? {
        withRecord(of: event) { record throws(RecordError) in record.advance(&state, rules) }
    }

    /// Whether two events have the same source and id.
    func haveSameID(_ event: Int, _ other: Int) -> Bool {
        withRecord(of: other) { other throws(RecordError) in
            withRecord(of: event) { event throws(RecordError) in event.hasSameID(as: other) }
        }
    }

    private func withRecord<Result>(
        of event: Int, _ body: (borrowing RecordView) throws(RecordError) -> Result
    ) -> Result {
        do throws(RecordError) {
            let bytes = records.span.extracting(recordRange(of: event..<event + 1))
            return try body(RecordView(bytes, at: .origin))
        } catch {
            preconditionFailure("what was prepared can be read again: \(error)")
        }
    }
}
