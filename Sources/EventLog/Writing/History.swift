internal import EventModel

/// What the writer asks of the past: who holds an id, how far a stream has come, what a condition finds.
///
/// It belongs to whoever carries the commit (``Writer``).
final class History {
    private let store: LogStore
    private let index: Index
    private let query: QueryReader
    private var marks: StreamMarks

    init(_ store: LogStore, _ index: Index, _ query: QueryReader, streamCountMax: Int = 2_000_000) {
        self.store = store
        self.index = index
        self.query = query
        marks = StreamMarks(countMax: streamCountMax)
    }

    /// The event with an id; `nil` if there is none.
    func event(with id: EventKey, _ key: UInt64) throws(AppendError) -> RecordedEvent? {
        try newest(key) { $0.content.key == id }
    }

    /// Revision of a stream's newest event; `nil` if it has none.
    func revision(of mark: StreamMark, _ stream: StreamName) throws(AppendError) -> Revision? {
        if let known = marks[mark] { return known }
        guard let revision = try newest(mark.key, { $0.stream == stream })?.revision else { return nil }
        marks.insert(revision, for: mark)
        return revision
    }

    /// Takes over what a commit made true.
    func remember(_ touched: [StreamMark: Revision]) {
        for (mark, revision) in touched { marks.insert(revision, for: mark) }
    }

    /// The first event found that matches a condition past its position.
    func firstMatch(of condition: AppendCondition) throws(AppendError) -> Position? {
        do throws(ReadError) {
            return try query.firstMatch(condition.query, after: condition.after)
        } catch {
            throw .refused(error.code, error.description)
        }
    }

    private func newest(_ key: UInt64, _ matches: (RecordedEvent) -> Bool) throws(AppendError) -> RecordedEvent? {
        var found: RecordedEvent?
        var failure: ReadError?
        do throws(IndexError) {
            try index.forEach(key, from: nil, .backward) { position in
                do throws(ReadError) {
                    let event = try store.event(at: position)
                    if matches(event) { found = event }
                } catch {
                    failure = error
                }
                return found == nil && failure == nil
            }
        } catch {
            failure = .storage("\(error)")
        }
        if let failure { throw .refused(failure.code, failure.description) }
        return found
    }
}
