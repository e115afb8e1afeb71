internal import EventModel
internal import RecordFormat

/// The requests of one commit, decided one after the other against log, index, the batch before it if the disk has
/// that in hand, and this very batch.
///
/// Positions and recorded times are assigned here and nowhere else, as a pure function of ordered input.
struct Batch {
    /// Its events.
    private(set) var staged: StagedEvents
    /// Those of the batch before it, until they are part of the log.
    private(set) var earlier: StagedEvents?
    /// Which ids are new among the requests that are being decided.
    private(set) var newIDs: NewKeys?
    /// The newest revisions of their streams in the log, by the places of their parts, as far as they were found
    /// together.
    private var logHeads: [Revision??] = []
    /// The index of the batch, as far as a condition has asked for it.
    var ownIndex = StagedIndex()
    /// Steps through the index that are left for the conditions of the batch.
    var stepsLeft = Limits.conditionStepCountMax
    /// Newest revisions of the streams of the request that is being decided, as they are without it.
    private var heads: [Revision?] = []
    /// How far its streams come with it.
    private var ownCourses: [StreamMark: StreamCourse] = [:]
    /// When the requests that are being decided are recorded.
    private var recorded: Timestamp
    let history: History

    /// An empty batch for about so many bytes and events.
    ///
    /// - Parameter earlier: the batch before it, if it is not part of the log yet; see ``settle()``.
    init(
        from start: Position, recorded: Timestamp, _ history: History, behind earlier: StagedEvents? = nil,
        expecting byteCount: Int = 0, eventCount: Int = 0
    ) {
        self.recorded = recorded
        self.history = history
        self.earlier = earlier
        staged = StagedEvents(from: start, expecting: byteCount, eventCount: eventCount)
    }

    /// Says that the batch before it is part of the log now.
    mutating func settle() { earlier = nil }

    /// The records as a run whose bytes are the journal's frame. Nothing is decided behind it.
    mutating func sealed(of log: String) -> RecordRun { staged.sealed(of: log) }

    /// Decides requests one after the other: stages the events of each, or refuses it as a whole.
    ///
    /// - Parameter moment: when they are recorded, not before those decided earlier; as those, if not given.
    mutating func decide(_ prepared: borrowing PreparedRequests, at moment: Timestamp? = nil) -> AppendOutcomes {
        recorded = moment ?? recorded
        var outcomes = AppendOutcomes(expecting: prepared.count)
        newIDs = history.newIDs(among: prepared)
        logHeads = history.heads(of: prepared.parts)
        for place in 0..<prepared.count {
            do throws(AppendError) {
                try decide(prepared, place, &outcomes)
                outcomes.finishRequest()
            } catch {
                outcomes.finishRequest(error)
            }
        }
        return outcomes
    }

    /// Ids are looked at before conditions and revisions, so that a retry returns its first receipt and never a
    /// conflict.
    private mutating func decide(
        _ prepared: borrowing PreparedRequests, _ index: Int, _ outcomes: inout AppendOutcomes
    ) throws(AppendError) {
        if !prepared.refusals.isEmpty, let refusal = prepared.refusals[index] { throw refusal }
        if try isRecorded(prepared, index, &outcomes) { return }
        if !prepared.conditions.isEmpty, let condition = prepared.conditions[index] { try check(condition) }
        let (from, to) = (prepared.requests[index], prepared.end(of: index))
        heads.removeAll(keepingCapacity: true)
        ownCourses.removeAll(keepingCapacity: true)
        var event = from.firstEvent
        for place in from.firstPart..<to.firstPart {
            let part = prepared.parts[place]
            do throws(AppendError) {
                let head = try revision(of: place, prepared, event)
                guard part.expecting.isMet(by: head) else {
                    throw .wrongExpectedRevision(
                        prepared.stream(of: event), expected: part.expecting, actual: head)
                }
                if part.isGoverned || !staged.courses.isEmpty { try advance(part, prepared, event) }
                heads.append(head)
                touch(part.mark, Revision((head?.next ?? .first).index + UInt64(part.eventCount) - 1))
            } catch {
                // A stream refuses the whole request: what it would have done to those before is taken back.
                for place in heads.indices.reversed() {
                    touch(prepared.parts[from.firstPart + place].mark, heads[place])
                }
                throw error
            }
            event += part.eventCount
        }
        stage(prepared, from, to, &outcomes)
    }

    private mutating func touch(_ mark: StreamMark, _ revision: Revision?) {
        staged.touched.set(revision?.index, mark.key, mark.check)
    }

    /// Takes over the events of a request; ``heads`` says what its streams had before.
    private mutating func stage(
        _ prepared: borrowing PreparedRequests, _ from: PreparedRequests.Request, _ to: PreparedRequests.Request,
        _ outcomes: inout AppendOutcomes
    ) {
        var place = staged.count
        staged.append(prepared, from, to)
        for (part, head) in heads.enumerated() {
            var revision = head?.next ?? .first
            for _ in 0..<prepared.parts[from.firstPart + part].eventCount {
                staged.complete(place, revision: revision, recorded: recorded)
                place += 1
                revision = revision.next
            }
            outcomes.append(
                .init(
                    position: Position(staged.start.index + UInt64(place) - 1),
                    revision: Revision(revision.index - 1), isDuplicate: false))
        }
        for (mark, course) in ownCourses {
            staged.courses[mark] = StreamCourse(state: course.state, end: staged.end)
        }
    }

    private func revision(
        of part: Int, _ prepared: borrowing PreparedRequests, _ event: Int
    ) throws(AppendError) -> Revision? {
        let mark = prepared.parts[part].mark
        if let newest = staged.touched[mark.key, mark.check] { return newest.map { Revision($0) } }
        if let newest = earlier?.touched[mark.key, mark.check] { return newest.map { Revision($0) } }
        if let known = logHeads[part] { return known }
        return try history.revision(of: mark) { prepared.stream(of: event).text }
    }
}

// MARK: - Lifecycles

extension Batch {
    /// Takes a part's events into the state of their stream one after the other, and refuses the first that is not
    /// legal there. A stream that nobody asks about is not followed: it is caught up with when somebody does.
    private mutating func advance(
        _ part: PreparedRequests.Part, _ prepared: borrowing PreparedRequests, _ first: Int
    ) throws(AppendError) {
        let known = ownCourses[part.mark] ?? staged.courses[part.mark]
        guard part.isGoverned || known != nil else { return }
        let name = prepared.stream(of: first)
        var course: StreamCourse
        if let known { course = known } else { course = try caughtUp(part.mark, name) }
        for event in first..<first + part.eventCount {
            if let violation = prepared.advance(&course.state, by: event), !part.recordsViolations {
                throw .illegalTransition(name, violation)
            }
        }
        ownCourses[part.mark] = course
    }

    /// How far a stream has come in the log, in the batch before this one and in this one.
    private func caughtUp(_ mark: StreamMark, _ name: StreamName) throws(AppendError) -> StreamCourse {
        var course: StreamCourse
        if let known = earlier?.courses[mark] {
            course = known
        } else {
            course = try history.course(of: mark, name.text)
            earlier?.advance(&course.state, of: mark, name, history)
        }
        staged.advance(&course.state, of: mark, name, history)
        return course
    }
}
