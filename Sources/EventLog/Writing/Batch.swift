internal import EventModel
internal import RecordFormat

/// The requests of one commit, decided one after the other against log, index and this very batch.
///
/// Positions and recorded times are assigned here and nowhere else, as a pure function of ordered input.
struct Batch {
    /// The journal frame that is growing: room for its header, then the records.
    private(set) var frame = [UInt8](repeating: 0, count: JournalFrame.headerByteCount)
    /// Index keys of the events, and how many each has.
    private(set) var keys: [UInt64] = []
    private(set) var keyCounts: [UInt16] = []
    /// Newest revisions of the streams that the batch touched; `nil` for one that got no event after all.
    private(set) var touched: KeyTable<UInt64?>
    /// How far the streams have come whose lifecycle the batch asked about.
    private(set) var courses: [StreamMark: StreamCourse] = [:]
    private var offsets: [UInt32] = []
    /// The batch's newest event with an id's key.
    private var places: KeyTable<Int>
    /// Which ids are new among the requests that are being decided.
    private var newIDs = NewIDs()
    /// The index of the batch, as far as a condition has asked for it.
    private var tails: [IndexTail] = []
    private var indexedEventCount = 0
    private var indexedKeyCount = 0
    /// Steps through the index that are left for the conditions of the batch.
    private var stepsLeft = Limits.conditionStepCountMax
    /// Newest revisions of the streams of the request that is being decided, as they are without it.
    private var heads: [Revision?] = []
    /// How far its streams come with it.
    private var ownCourses: [StreamMark: StreamCourse] = [:]
    private let start: Position
    private let recorded: Timestamp
    private let history: History

    /// An empty batch for about so many bytes and events.
    init(
        from start: Position, recorded: Timestamp, _ history: History, expecting byteCount: Int = 0,
        eventCount: Int = 0
    ) {
        self.start = start
        self.recorded = recorded
        self.history = history
        frame.reserveCapacity(frame.count + byteCount + JournalFrame.pageByteCount)
        offsets.reserveCapacity(eventCount)
        keyCounts.reserveCapacity(eventCount)
        keys.reserveCapacity(8 * eventCount)
        touched = KeyTable(expecting: eventCount)
        places = KeyTable(expecting: eventCount)
    }

    var isEmpty: Bool { offsets.isEmpty }

    /// The position after the last event of the batch.
    var end: Position { position(of: offsets.count) }

    /// The records as a run whose bytes are the frame, its header written.
    consuming func sealed() -> RecordRun {
        JournalFrame.seal(&frame, first: start, count: offsets.count)
        return RecordRun(first: start, in: frame, offsets: offsets)
    }

    /// Decides requests one after the other: stages the events of each, or refuses it as a whole.
    mutating func decide(_ prepared: borrowing PreparedRequests) -> AppendOutcomes {
        var outcomes = AppendOutcomes(expecting: prepared.count)
        newIDs = prepared.newIDs ?? history.newIDs(among: prepared.ids)
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
                let head = try revision(of: part.mark, prepared, event)
                guard part.expecting.isMet(by: head) else {
                    throw .wrongExpectedRevision(
                        prepared.stream(of: event), expected: part.expecting, actual: head)
                }
                if part.isGoverned || !courses.isEmpty { try advance(part, prepared, event) }
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
        touched.set(revision?.index, mark.key, mark.check)
    }

    /// Takes over the events of a request; ``heads`` says what its streams had before.
    private mutating func stage(
        _ prepared: borrowing PreparedRequests, _ from: PreparedRequests.Request, _ to: PreparedRequests.Request,
        _ outcomes: inout AppendOutcomes
    ) {
        let records = prepared.recordRange(of: from.firstEvent..<to.firstEvent)
        let base = frame.count - records.lowerBound
        frame.append(contentsOf: prepared.records[records])
        var event = from.firstEvent
        var key = from.firstKey
        for (place, head) in heads.enumerated() {
            var revision = head?.next ?? .first
            for _ in 0..<prepared.parts[from.firstPart + place].eventCount {
                let offset = base + prepared.offsets[event]
                Record.complete(&frame, at: offset, revision: revision, recorded: recorded)
                places.set(offsets.count, prepared.keys[key], 0)
                offsets.append(UInt32(offset))
                key += Int(prepared.keyCounts[event])
                event += 1
                revision = revision.next
            }
            outcomes.append(
                .init(
                    position: Position(end.index - 1), revision: Revision(revision.index - 1), isDuplicate: false))
        }
        keys.append(contentsOf: prepared.keys[from.firstKey..<to.firstKey])
        keyCounts.append(contentsOf: prepared.keyCounts[from.firstEvent..<to.firstEvent])
        for (mark, course) in ownCourses { courses[mark] = StreamCourse(state: course.state, end: end) }
    }

    private func revision(
        of mark: StreamMark, _ prepared: borrowing PreparedRequests, _ event: Int
    ) throws(AppendError) -> Revision? {
        if let newest = touched[mark.key, mark.check] { return newest.map { Revision($0) } }
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
        let known = ownCourses[part.mark] ?? courses[part.mark]
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

    /// How far a stream has come in the log and in this batch.
    private func caughtUp(_ mark: StreamMark, _ name: StreamName) throws(AppendError) -> StreamCourse {
        var course = try history.course(of: mark, name.text)
        guard case .some(.some) = touched[mark.key, mark.check] else { return course }
        var key = 0
        for place in offsets.indices {
            // The second key of an event is its stream's.
            if keys[key + 1] == mark.key {
                withRecord(at: place) { if $0.has(.stream, name.text) { history.advance(&course.state, by: $0) } }
            }
            key += Int(keyCounts[place])
        }
        return course
    }
}

// MARK: - What stands already

extension Batch {
    /// Whether the events of a request all stand already; their receipts are noted then.
    private func isRecorded(
        _ prepared: borrowing PreparedRequests, _ index: Int, _ outcomes: inout AppendOutcomes
    ) throws(AppendError) -> Bool {
        let (from, to) = (prepared.requests[index], prepared.end(of: index))
        var isNew = false
        var firstKnown: Position?
        var own = OwnIDs()
        var (event, key) = (from.firstEvent, from.firstKey)
        for place in from.firstPart..<to.firstPart {
            var newest: Known?
            for _ in 0..<prepared.parts[place].eventCount {
                let id = prepared.keys[key]
                if to.firstEvent - from.firstEvent > 1, !own.insert(id, event, prepared) {
                    throw .repeatedID
                }
                let known = try self.known(id, prepared, event)
                if let known, !known.isSame { throw .duplicateID(firstAt: known.position) }
                firstKnown = firstKnown ?? known?.position
                newest = known ?? newest
                isNew = isNew || known == nil
                key += Int(prepared.keyCounts[event])
                event += 1
            }
            if let newest {
                outcomes.append(.init(position: newest.position, revision: newest.revision, isDuplicate: true))
            }
        }
        guard let firstKnown else { return false }
        guard !isNew else { throw .partlyRecorded(firstAt: firstKnown) }
        return true
    }

    /// The event that holds the id of a prepared one, here or in the log.
    private func known(
        _ key: UInt64, _ prepared: borrowing PreparedRequests, _ event: Int
    ) throws(AppendError) -> Known? {
        if let place = places[key, 0] {
            let bytes = frame.span.extracting(recordRange(at: place))
            let known = prepared.compare(event, with: bytes, at: position(of: place), tags: history.contentTags)
            if let known { return known }
        }
        return try history.newest(key, from: newIDs.searchStart(of: event)) { record in
            prepared.compare(event, with: record.bytes, at: record.position, tags: history.contentTags)
        }
    }

    /// Refuses where an event that matches stands past the condition's position, in the log or in this batch.
    ///
    /// All conditions of the batch share their steps, so that those who wait for it wait for milliseconds, however
    /// many there are; a narrow one is always decided.
    private mutating func check(_ condition: AppendCondition) throws(AppendError) {
        indexOwnEvents()
        let allowed = max(stepsLeft, Limits.conditionStepCountMin)
        var left = allowed
        defer { stepsLeft = max(stepsLeft - (allowed - left), 0) }
        let found: Position?
        do throws(AppendError) {
            found = try history.firstMatch(of: condition, behind: tails, stepsLeft: &left) { position in
                event(at: Int(position.index - start.index))
            }
        } catch {
            // What others left was too little; alone it may be enough.
            throw error.code == .limit && allowed < Limits.conditionStepCountMax ? .conditionsBusy : error
        }
        if let found { throw .conditionFailed(at: found) }
    }

    /// Brings the index of the batch up to its newest event.
    private mutating func indexOwnEvents() {
        var isFull = tails.isEmpty
        while indexedEventCount < keyCounts.count {
            if isFull { tails.append(IndexTail(start: start.index + UInt64(indexedEventCount))) }
            isFull = tails[tails.count - 1].add(keys, keyCounts, from: &indexedEventCount, &indexedKeyCount)
        }
    }

    /// An event of this batch.
    private func event(at place: Int) -> RecordedEvent {
        withRecord(at: place) { record throws(RecordError) in try record.event() }
    }

    /// Where the record of an event of this batch stands in the frame.
    private func recordRange(at place: Int) -> Range<Int> {
        Int(offsets[place])..<(place + 1 < offsets.count ? Int(offsets[place + 1]) : frame.count)
    }

    private func position(of place: Int) -> Position { Position(start.index + UInt64(place)) }

    private func withRecord<Result>(
        at place: Int, _ body: (borrowing RecordView) throws(RecordError) -> Result
    ) -> Result {
        let bytes = frame.span.extracting(recordRange(at: place))
        do throws(RecordError) {
            return try body(RecordView(bytes, at: position(of: place)))
        } catch {
            preconditionFailure("the batch reads back what it wrote: \(error)")
        }
    }
}

/// An event that holds an id already.
struct Known {
    let position: Position
    let revision: Revision
    /// Whether it says the same as the one that is sent now.
    let isSame: Bool
}

/// The ids of one request, each of which may stand in it once.
private struct OwnIDs {
    private var events: [UInt64: [Int]] = [:]

    /// Whether an event's id is new here.
    mutating func insert(_ key: UInt64, _ event: Int, _ prepared: borrowing PreparedRequests) -> Bool {
        for other in events[key] ?? [] where prepared.haveSameID(event, other) { return false }
        events[key, default: []].append(event)
        return true
    }
}
