internal import EventModel
internal import LMDB
internal import RecordFormat
internal import Zstd

/// Hands out the bytes of consecutive records across runs, and their sealed fields apart.
struct RecordGatherer {
    private var runs: ArraySlice<RecordRun>
    private(set) var next: Position
    private let end: Position

    init(_ runs: [RecordRun], from start: Position) {
        self.runs = runs[...]
        next = start
        end = runs.last?.end ?? start
    }

    /// Records that are left.
    var count: Int { Int(end.index - next.index) }

    /// The next records, one behind the other, without their sealed fields; these are added to a list.
    ///
    /// - Precondition: so many are left.
    mutating func take(
        _ count: Int, sealedFields: inout [PersonalStore.Row]
    ) throws(LMDBError) -> [UInt8] {
        var bytes: [UInt8] = []
        let goal = Position(next.index + UInt64(count))
        while next < goal, let run = runs.first {
            let last = min(goal, run.end)
            while next < last {
                do throws(RecordError) {
                    try run.withRecord(at: next) { record throws(RecordError) in
                        Record.appendPublic(record, to: &bytes)
                        guard record.holdsSealedFields else { return }
                        sealedFields += PersonalStore.rows(of: try record.sealedFields(), at: next)
                    }
                } catch {
                    throw .corrupted("the record at position \(next) in memory: \(error)")
                }
                next = next.next
            }
            if last == run.end { runs.removeFirst() }
        }
        return bytes
    }
}

/// What records have in common.
extension RecordGatherer {
    /// Bytes of a dictionary. With 16 KiB an event of the benchmark's takes 67 bytes, with 8 KiB 70, with 64 KiB 64.
    private static let dictionaryByteCount = 16 << 10
    /// Bytes of the records that one is made from.
    private static let sampleByteCount = 1 << 20
    /// Records of one sample.
    private static let sampleRecordCount = 4
    /// Events from one dictionary to the next, at most. Before that a log has one anew when it is 8 times as long:
    /// its first records may be accounts only, and each costs 0.1 s of a core.
    private static let eventCountMax: UInt64 = 4 << 20

    /// A dictionary made from the next records; `nil` while the newest serves, and where there is too little to look
    /// at or nothing in common.
    func dictionary(after newest: BlockDictionary?) throws(LMDBError) -> BlockDictionary? {
        if let end = newest?.end.index {
            guard next.index >= min(8 * end, end + Self.eventCountMax) else { return nil }
        }
        var records = self
        var samples: [[UInt8]] = []
        var byteCount = 0
        var ignored: [PersonalStore.Row] = []
        while byteCount < Self.sampleByteCount {
            guard records.count >= Self.sampleRecordCount else { return nil }
            samples.append(try records.take(Self.sampleRecordCount, sealedFields: &ignored))
            byteCount += samples[samples.count - 1].count
        }
        let id = newest.map { $0.id + 1 } ?? BlockDictionary.firstID
        guard let bytes = try? FrameDictionary.trained(on: samples, byteCount: Self.dictionaryByteCount, id: id)
        else { return nil }
        return BlockDictionary(id: id, end: records.next, bytes: bytes)
    }
}
