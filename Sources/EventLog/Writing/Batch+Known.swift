internal import EventModel
internal import RecordFormat

/// What stands already: ids that are known, events that a condition rules out.
extension Batch {
    /// Whether the events of a request all stand already; their receipts are noted then.
    func isRecorded(
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

    /// The event that holds the id of a prepared one, here, in the batch before or in the log.
    private func known(
        _ key: UInt64, _ prepared: borrowing PreparedRequests, _ event: Int
    ) throws(AppendError) -> Known? {
        if let known = staged.known(key, prepared, event, tags: history.contentTags) { return known }
        if let known = earlier?.known(key, prepared, event, tags: history.contentTags) { return known }
        if let newIDs, newIDs.isNew(event) { return nil }
        return try history.newest(key) { record in
            prepared.compare(event, with: record.bytes, at: record.position, tags: history.contentTags)
        }
    }

    /// Refuses where an event that matches stands past the condition's position, in the log or in this batch.
    ///
    /// All conditions of the batch share their steps, so that those who wait for it wait for milliseconds, however
    /// many there are; a narrow one is always decided.
    mutating func check(_ condition: AppendCondition) throws(AppendError) {
        precondition(earlier == nil, "the writer decides conditions when the batch before is part of the log")
        ownIndex.take(staged)
        let allowed = max(stepsLeft, Limits.conditionStepCountMin)
        var left = allowed
        defer { stepsLeft = max(stepsLeft - (allowed - left), 0) }
        let found: Position?
        do throws(AppendError) {
            found = try history.firstMatch(of: condition, behind: ownIndex.tails, stepsLeft: &left) {
                staged.event(at: $0)
            }
        } catch {
            // What others left was too little; alone it may be enough.
            throw error.code == .limit && allowed < Limits.conditionStepCountMax ? .conditionsBusy : error
        }
        if let found { throw .conditionFailed(at: found) }
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
