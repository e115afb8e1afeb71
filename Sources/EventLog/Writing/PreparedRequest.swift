internal import EventModel
internal import RecordFormat

/// A request before its turn: bounds checked, records encoded but for what the writer decides, keys hashed.
///
/// All of this happens on the submitter's thread, so that the writer's turn costs little more than copying.
struct PreparedRequest: Sendable {
    let request: AppendRequest
    /// The records, one behind the other, their revisions and times still zero.
    let records: [UInt8]
    /// Where each record begins.
    let offsets: [Int]
    /// Index keys of all events, one event's behind the other's: first its id's, then its stream's, then the rest.
    let keys: [UInt64]
    /// How many keys each event has.
    let keyCounts: [UInt16]

    init(_ request: AppendRequest, _ hasher: TermHasher) throws(AppendError) {
        try request.checkLimits()
        var records: [UInt8] = []
        var offsets: [Int] = []
        var keys: [UInt64] = []
        var keyCounts: [UInt16] = []
        records.reserveCapacity(request.byteCount)
        for append in request.appends {
            for event in append.events {
                offsets.append(records.count)
                Record.appendDraft(event.content, in: append.stream, auth: request.auth, to: &records)
                let keyCount = keys.count
                hasher.appendKeys(of: event.content, in: append.stream, references: event.terms, to: &keys)
                keyCounts.append(UInt16(keys.count - keyCount))
            }
        }
        self.request = request
        self.records = records
        self.offsets = offsets
        self.keys = keys
        self.keyCounts = keyCounts
    }

    /// Bytes that the request holds while it waits.
    var byteCount: Int { 2 * records.count + 8 * keys.count + 512 }
}
