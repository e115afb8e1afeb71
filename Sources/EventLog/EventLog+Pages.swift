internal import EventModel
internal import RecordFormat

/// The ways to the records of a page.
extension EventLog {
    /// Records in the order of the log. Returns where to go on if it lent none and there is more to look at.
    func allPage(
        _ page: QueryReader.Page, from start: UInt64?, _ direction: ReadDirection,
        _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) -> UInt64? {
        guard let page = page.narrowed(from: start, direction), let last = page.range.last else { return nil }
        var next: UInt64? = direction == .forward ? page.range.lowerBound : last
        var count = 0
        var byteCount = 0
        var examinedCount = 0
        let first = direction == .forward ? page.range.lowerBound : last
        let wanted = page.time == .always ? page.count : .max
        try store.forEachRecord(from: Position(first), direction, atMost: wanted) { record in
            let position = record.position.index
            guard page.range.contains(position) else { return false }
            examinedCount += 1
            next = position.next(direction)
            if page.time.contains(record.time) {
                byteCount += record.bytes.count
                guard count == 0 || byteCount <= Limits.pageByteCountMax else { return false }
                body(record)
                count += 1
            }
            return count < page.count && examinedCount < QueryReader.examinedCountMax
                && position != (direction == .forward ? last : page.range.lowerBound)
        }
        return count == 0 ? next.flatMap { page.range.contains($0) ? $0 : nil } : nil
    }

    /// Records of one stream by revision. The index finds them; the records decide.
    ///
    /// The entry of revision `n` is the n-th of the stream's, or a later one if keys collide: skipping the
    /// entries before passes no event that is wanted. Returns where to go on if it lent none and there is more.
    func streamPage(
        _ name: StreamName, _ page: QueryReader.Page, from start: UInt64?, _ direction: ReadDirection,
        _ body: (borrowing RecordView) -> Void
    ) throws(ReadError) -> UInt64? {
        let reader = try queryReader()
        var page = page
        let key = reader.index.hasher.stream(name)
        if let start, let skipped = try entriesBefore(start, of: name, direction) {
            let isFar = skipped > Self.walkedEntryCountMax
            let mark = isFar ? try mark(before: start, of: name, direction, reader) : nil
            var cursor = reader.index.cursor(key, direction)
            let place = try QueryReader.reading { () throws(IndexError) in
                guard let mark else { return try cursor.skip(skipped) }
                let left = direction == .forward ? start - mark.revision : mark.revision - start
                return try cursor.skip(left, from: mark.position)
            }
            guard let place, let narrowed = page.narrowed(from: place, direction) else { return nil }
            page = narrowed
        }
        var postings = QueryPostings(reader.index.cursor(key, direction), direction)
        return try reader.collect(
            &postings, page, direction,
            where: { record in
                guard record.has(.stream, name.text) else { return false }
                guard let start else { return true }
                return direction == .forward ? record.revision.index >= start : record.revision.index <= start
            }, body)
    }

    /// How many events of a stream lie before a revision in a direction; `nil` if there are none.
    private func entriesBefore(
        _ revision: UInt64, of name: StreamName, _ direction: ReadDirection
    ) throws(ReadError) -> UInt64? {
        guard direction == .backward else { return revision > 0 ? revision : nil }
        guard let newest = try newest(of: name)?.revision.index, newest > revision else { return nil }
        return newest - revision
    }

    /// The positions that were recorded in a range of time.
    func positions(recorded range: TimeRange) throws(ReadError) -> Range<UInt64> {
        let end = end.index
        let lower = try range.from.map { (moment) throws(ReadError) in try firstPosition(recordedFrom: moment, end) }
        let upper = try range.until.map { (moment) throws(ReadError) in try firstPosition(recordedFrom: moment, end) }
        return (lower ?? 0)..<max(upper ?? end, lower ?? 0)
    }

    /// The first position that was recorded at a moment or later.
    private func firstPosition(recordedFrom moment: Timestamp, _ end: UInt64) throws(ReadError) -> UInt64 {
        var reader = RecordReader(store)
        var low: UInt64 = 0
        var high = end
        while low < high {
            let middle = low + (high - low) / 2
            try reader.withRecord(at: Position(middle)) { record in
                if record.recorded < moment { low = middle + 1 } else { high = middle }
            }
        }
        return low
    }
}

extension QueryReader.Page {
    /// The page without what lies before a position in a direction; `nil` if nothing is left.
    func narrowed(from start: UInt64?, _ direction: ReadDirection) -> Self? {
        guard let start else { return self }
        var page = self
        switch direction {
        case .forward:
            guard start < range.upperBound else { return nil }
            page.range = max(start, range.lowerBound)..<range.upperBound
        case .backward:
            guard start >= range.lowerBound else { return nil }
            page.range = range.lowerBound..<min(start.next(.forward) ?? .max, range.upperBound)
        }
        return page
    }
}
