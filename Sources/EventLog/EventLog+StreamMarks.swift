internal import EventModel
internal import RecordFormat

/// Ways into the middle of a long stream.
extension EventLog {
    /// An event of a stream, by what both orders say of it.
    struct StreamMark {
        let position: UInt64
        let revision: UInt64
    }

    /// Entries of the index that a page may walk over before it begins: a tenth of a millisecond.
    static let walkedEntryCountMax: UInt64 = 4096

    /// An event of a stream that is not past a revision in a direction, and not far before it where the records on the
    /// way can be read.
    ///
    /// Revisions grow with positions, so halving the positions finds it with one record each time.
    func mark(
        before revision: UInt64, of name: StreamName, _ direction: ReadDirection, _ reader: QueryReader
    ) throws(ReadError) -> StreamMark? {
        guard let newest = try newest(of: name) else { return nil }
        var low = StreamMark(position: 0, revision: 0)
        var high = StreamMark(position: newest.position.index, revision: newest.revision.index)
        // Who follows a stream asks for what comes next.
        if direction == .forward, high.revision <= revision { return high }
        var places = 0..<high.position
        while (direction == .forward ? revision - low.revision : high.revision - revision) > Self.walkedEntryCountMax,
            !places.isEmpty
        {
            let middle = places.lowerBound + UInt64(places.count) / 2
            guard let mark = try? mark(from: middle, of: name, reader), places.contains(mark.position) else {
                places = places.lowerBound..<middle
                continue
            }
            if mark.revision <= revision {
                low = mark
                places = mark.position + 1..<places.upperBound
            } else {
                high = mark
                places = places.lowerBound..<middle
            }
        }
        return direction == .forward ? low : high
    }

    /// The first event of a stream at or past a position.
    private func mark(
        from position: UInt64, of name: StreamName, _ reader: QueryReader
    ) throws(ReadError) -> StreamMark? {
        var cursor = reader.index.cursor(reader.index.hasher.stream(name), .forward)
        var records = RecordReader(store)
        var bound = position
        while let place = try QueryReader.reading({ () throws(IndexError) in try cursor.seek(bound) }) {
            var mark: StreamMark?
            try records.withRecord(at: Position(place)) { record in
                if record.has(.stream, name.text) {
                    mark = StreamMark(position: place, revision: record.revision.index)
                }
            }
            if let mark { return mark }
            bound = place + 1  // another stream's, whose key is the same
        }
        return nil
    }
}
