internal import EventModel
internal import RecordFormat

/// Reads single records in place, and keeps the run of the last one: the next often stands in it too.
struct RecordReader {
    private let store: LogStore
    private var run: RecordRun?

    init(_ store: LogStore) { self.store = store }

    /// Lends the record at a position.
    ///
    /// - Parameter known: the run that holds it, if somebody has looked for that already.
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` for one that is damaged or missing.
    mutating func withRecord(
        at position: Position, in known: RecordRun? = nil,
        _ body: (borrowing RecordView) throws(RecordError) -> Void
    ) throws(ReadError) {
        let run = if let known { known } else { try run(holding: position) }
        do throws(RecordError) {
            try run.withRecord(at: position, body)
        } catch {
            throw .corruptRecord(at: position, why: error.description)
        }
    }

    private mutating func run(holding position: Position) throws(ReadError) -> RecordRun {
        if let run, position >= run.first, position < run.end { return run }
        let found = try store.run(holding: position)
        run = found
        return found
    }
}
