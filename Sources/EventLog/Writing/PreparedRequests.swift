internal import EventModel
internal import RecordFormat

/// Requests before their turn: bounds checked, records encoded but for what the writer decides, keys hashed.
///
/// All of this happens on the submitter's thread, so that the writer's turn costs little more than copying; and for
/// all requests of a submission together, so that an event costs no memory of its own.
final class PreparedRequests: Sendable {
    /// Where a request's events and their keys begin in the lists of all.
    struct Place {
        let event: Int
        let key: Int
        /// Why the request is refused whatever the log holds.
        let refusal: AppendError?
    }

    let requests: [AppendRequest]
    let places: [Place]
    /// The records, one behind the other, their revisions and times still zero.
    let records: [UInt8]
    /// Where each record begins; one more at the end.
    let offsets: [Int]
    /// Index keys, one event's behind the other's: first its id's, then its stream's, then the rest.
    let keys: [UInt64]
    /// How many keys each event has.
    let keyCounts: [UInt16]

    init(_ requests: [AppendRequest], _ hasher: TermHasher) {
        var places: [Place] = []
        var records: [UInt8] = []
        var offsets: [Int] = []
        var keys: [UInt64] = []
        var keyCounts: [UInt16] = []
        places.reserveCapacity(requests.count)
        records.reserveCapacity(requests.reduce(0) { $0 + $1.byteCount })
        offsets.reserveCapacity(requests.count + 1)
        keys.reserveCapacity(8 * requests.count)
        keyCounts.reserveCapacity(requests.count)
        for request in requests {
            var refusal: AppendError?
            do throws(AppendError) { try request.checkLimits() } catch { refusal = error }
            places.append(Place(event: offsets.count, key: keys.count, refusal: refusal))
            guard refusal == nil else { continue }
            for append in request.appends {
                for event in append.events {
                    offsets.append(records.count)
                    Record.appendDraft(event.content, in: append.stream, auth: request.auth, to: &records)
                    let keyCount = keys.count
                    hasher.appendKeys(of: event.content, in: append.stream, references: event.terms, to: &keys)
                    keyCounts.append(UInt16(keys.count - keyCount))
                }
            }
        }
        places.append(Place(event: offsets.count, key: keys.count, refusal: nil))
        offsets.append(records.count)
        self.requests = requests
        self.places = places
        self.records = records
        self.offsets = offsets
        self.keys = keys
        self.keyCounts = keyCounts
    }

    /// Bytes that the requests hold while they wait, about.
    var byteCount: Int { 64 + 2 * records.count + 8 * keys.count + 512 * requests.count }
}
