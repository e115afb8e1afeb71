internal import Dispatch
public import EventModel
internal import RecordFormat
internal import Synchronization

/// Histories: what lies anywhere in the log and is wanted at once, such as all that concerns one customer.
extension EventLog {
    public func positions(
        of streams: [StreamName], matching items: [EventQuery.Item], before end: Position
    ) throws(ReadError) -> [Position] {
        let reader = try queryReader()
        return try QueryReader.reading { () throws(IndexError) in
            let snapshot = reader.index.snapshot
            var keys = streams.map(reader.index.hasher.stream)
            var found: [UInt64] = []
            for item in items {
                // What asks for one term asks for one list.
                if item.types.isEmpty, item.terms.count == 1 {
                    keys.append(reader.index.hasher.term(item.terms[0]))
                    continue
                }
                var postings = try ItemPostings(item, .forward, reader.index.hasher, in: snapshot)
                try postings.collect(before: end.index, to: &found)
            }
            try snapshot.collect(keys, to: &found)
            return Set(found).filter { $0 < end.index }.sorted().map { Position($0) }
        }
    }

    public func forEachEvent(at positions: [Position], _ body: (borrowing EventView) -> Void) throws(ReadError) {
        for start in stride(from: 0, to: positions.count, by: LogStore.togetherCountMax) {
            let some = positions[start..<min(start + LogStore.togetherCountMax, positions.count)]
            for (position, record) in zip(some, store.copies(at: some)) {
                let bytes = try record.get()
                do throws(RecordError) {
                    let record = try RecordView(bytes.span, at: position)
                    body(try record.view(personal: record.hasSlots ? .sealed(purpose: record.slots()[0].purpose) : nil))
                } catch {
                    throw .corruptRecord(at: position, why: error.description)
                }
            }
        }
    }
}

extension ItemPostings {
    /// Adds all positions before an end.
    fileprivate mutating func collect(before end: UInt64, to found: inout [UInt64]) throws(IndexError) {
        var next: UInt64? = 0
        var stepsLeft = Int.max
        while let bound = next, let position = try seek(bound, &stepsLeft), position < end {
            found.append(position)
            next = position.next(.forward)
        }
    }
}

extension LogStore {
    /// Positions that ``copies(at:)`` takes at once, at most.
    static let togetherCountMax = 256

    /// Copies of the records at ascending positions, each part unpacked once, on all cores.
    ///
    /// Hardly two of them stand in one part, so what is unpacked is not kept: it would drive out what is read again.
    func copies(at positions: ArraySlice<Position>) -> [Result<[UInt8], ReadError>] {
        var parts: [ArraySlice<Position>] = []
        var rest = positions
        while let number = rest.first.map(SealedBlock.partNumber) {
            parts.append(rest.prefix { SealedBlock.partNumber(of: $0) == number })
            rest = rest.dropFirst(parts[parts.count - 1].count)
        }
        let found = Mutex([[Result<[UInt8], ReadError>]](repeating: [], count: parts.count))
        DispatchQueue.concurrentPerform(iterations: parts.count) { [parts] place in
            let copies = copies(ofPart: parts[place])
            found.withLock { $0[place] = copies }
        }
        return found.withLock { Array($0.joined()) }
    }

    /// Copies of the records at some positions of one part.
    private func copies(ofPart positions: ArraySlice<Position>) -> [Result<[UInt8], ReadError>] {
        var copies: [Result<[UInt8], ReadError>] = []
        for position in positions {
            guard let run = runInMemory(holding: position) else { break }
            copies.append(.success(Array(run.bytes[run.byteRange(at: position)])))
        }
        let sealed = positions.dropFirst(copies.count)
        do throws(ReadError) {
            return copies + (try blocks.copies(at: sealed).map { .success($0) })
        } catch {
            return copies + sealed.map { _ in .failure(error) }
        }
    }
}
