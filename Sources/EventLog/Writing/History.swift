internal import EventModel
internal import RecordFormat

/// What the writer asks of the past: who holds an id, how far a stream has come, what a condition finds.
///
/// It belongs to whoever decides (``Writer``).
final class History {
    private let store: LogStore
    private let index: Index
    private let query: QueryReader
    private let extractor: TermExtractor
    private let rules: LifecycleRules
    private var marks: StreamMarks
    private var courses: StreamCourses

    init(
        _ store: LogStore, _ index: Index, _ query: QueryReader, _ rules: LifecycleRules = .none,
        streamCountMax: Int = 2_000_000, courseEntryCountMax: Int = 1_000_000
    ) {
        self.rules = rules
        self.store = store
        self.index = index
        self.query = query
        extractor = query.extractor
        marks = StreamMarks(countMax: streamCountMax)
        courses = StreamCourses(entryCountMax: courseEntryCountMax)
    }

    /// What turns terms into keys.
    var hasher: TermHasher { index.hasher }

    /// Revision of a stream's newest event; `nil` if it has none.
    ///
    /// - Parameter name: the stream's name, asked for only where memory does not know the stream.
    func revision(of mark: StreamMark, _ name: () -> String) throws(AppendError) -> Revision? {
        if let known = marks[mark] { return known }
        var text: String?
        let revision = try newest(mark.key) { record -> Revision? in
            let name = text ?? name()
            text = name
            return record.has(.stream, name) ? record.revision : nil
        }
        guard let revision else { return nil }
        marks.insert(revision, for: mark)
        return revision
    }

    /// Which ids the log does not have, as far as somebody has looked already.
    func newIDs(among prepared: borrowing PreparedRequests) -> NewKeys {
        let snapshot = index.snapshot
        var newIDs = prepared.newIDs ?? NewKeys(prepared.ids, in: snapshot)
        newIDs.look(in: snapshot)
        return newIDs
    }

    /// The newest revisions of streams as far as they are found quickly, looked for together; `.some(nil)` for one
    /// that has no event, `nil` where ``revision(of:_:)`` has to be asked.
    func heads(of parts: [PreparedRequests.Part]) -> [Revision??] {
        var heads: [Revision??] = parts.map { marks[$0.mark].map { .some($0) } }
        let unknown = heads.indices.filter { heads[$0] == nil }
        guard !unknown.isEmpty else { return heads }
        let snapshot = index.snapshot
        var keys = NewKeys(unknown.map { parts[$0].mark.key }, in: snapshot)
        keys.look(in: snapshot)
        for (place, part) in unknown.enumerated() where keys.isNew(place) { heads[part] = .some(nil) }
        return heads
    }

    /// What `body` makes of the newest record with a key that it wants; `nil` if it wants none.
    func newest<Found>(
        _ key: UInt64, _ body: (borrowing RecordView) -> Found?
    ) throws(AppendError) -> Found? {
        var reader = RecordReader(store)
        var found: Found?
        var failure: ReadError?
        do throws(IndexError) {
            // Most ids and many streams are new.
            guard try index.snapshot.mayContain(key) else { return nil }
            try index.forEach(key, from: nil, .backward) { position in
                do throws(ReadError) {
                    try reader.withRecord(at: position) { record throws(RecordError) in found = body(record) }
                } catch {
                    failure = error
                }
                return found == nil && failure == nil
            }
        } catch {
            failure = ReadError(error)
        }
        if let failure { throw .refused(failure.code, failure.description) }
        return found
    }

    /// The content tags of a record's slots; `nil` for each that is deleted, or cannot be read: then the public part
    /// alone says whether a retry is the same.
    func contentTags(of record: borrowing RecordView) -> [[UInt8]?] {
        let fields = try? store.sealedFields(of: record)
        return fields?.map { $0?.contentTag } ?? .init(repeating: nil, count: (try? record.slots().count) ?? 0)
    }

    /// Takes over what a commit made true.
    func remember(_ touched: KeyTable<UInt64?>) {
        touched.forEach { key, check, revision in
            if let revision { marks.insert(Revision(revision), for: StreamMark(key: key, check: check)) }
        }
    }

    /// How far a stream has come in its lifecycle, up to the end of the log: as remembered, and from there on as its
    /// records say. A stream that is not remembered is read from its first event.
    func course(of mark: StreamMark, _ name: String) throws(AppendError) -> StreamCourse {
        var course = courses[mark] ?? StreamCourse()
        var reader = RecordReader(store)
        var failure: ReadError?
        do throws(IndexError) {
            guard try index.snapshot.mayContain(mark.key) else { return course }
            try index.forEach(mark.key, from: course.end, .forward) { position in
                do throws(ReadError) {
                    try reader.withRecord(at: position) { record throws(RecordError) in
                        if record.has(.stream, name) { _ = record.advance(&course.state, rules) }
                    }
                } catch {
                    failure = error
                }
                course.end = position.next
                return failure == nil
            }
        } catch {
            failure = ReadError(error)
        }
        if let failure { throw .refused(failure.code, failure.description) }
        courses.insert(course, for: mark)
        return course
    }

    /// Takes over how far streams have come with a commit.
    func remember(_ newer: [StreamMark: StreamCourse]) {
        for (mark, course) in newer { courses.insert(course, for: mark) }
    }

    /// Takes a record into its stream's state.
    func advance(_ state: inout LifecycleState, by record: borrowing RecordView) { _ = record.advance(&state, rules) }

    /// The first event that matches a condition past its position, in the log or among those that wait in `tails`
    /// behind it; see ``QueryReader/firstMatch(_:after:in:stepsLeft:waiting:)``.
    func firstMatch(
        of condition: AppendCondition, behind tails: [IndexTail], stepsLeft: inout Int,
        waiting: (Position) -> RecordedEvent
    ) throws(AppendError) -> Position? {
        do throws(ReadError) {
            return try query.firstMatch(
                condition.query, after: condition.after, in: index.snapshot.followed(by: tails),
                stepsLeft: &stepsLeft, waiting: waiting)
        } catch {
            throw .refused(error.code, error.description)
        }
    }
}
