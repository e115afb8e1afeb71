internal import CanonicalJSON
public import EventLog
public import EventModel
public import RecordFormat
public import SubjectKeys

/// Opens sealed fields for readers who have the right to their purposes.
public struct PersonalReader: Sendable {
    private let keys: SubjectKeys
    private let log: EventLog
    private let right: ReadingRight

    /// A reader of one log's events.
    public init(_ keys: SubjectKeys, _ log: EventLog, _ right: ReadingRight) {
        self.keys = keys
        self.log = log
        self.right = right
    }

    /// What the slots of a record hold for this reader, in their order; empty for a record without.
    ///
    /// - Throws: ``ReadError/corruptRecord(at:why:)`` when something is damaged, `UNAVAILABLE` when the key store
    ///   cannot be read.
    public func readings(of record: borrowing RecordView) throws(ReadError) -> [PersonalContent] {
        guard record.hasSlots else { return [] }
        let position = record.position
        do {
            let event = EventKey(source: try record.text(.source), id: try record.text(.id))
            let fields = try log.sealedFields(of: record)
            var readings: [PersonalContent] = []
            for (place, slot) in try record.slots().enumerated() {
                let reading = try keys.open(
                    slot, fields[place]?.blob, event: event, schema: record.schema, slot: UInt8(place), right: right)
                readings.append(PersonalContent(reading, purpose: slot.purpose))
            }
            return readings
        } catch let error as ReadError {
            throw error
        } catch SealedFieldsError.store(let error) where error.code == .unavailable {
            // The record is what it was; the key cannot be read.
            throw .refused(.unavailable, error.description)
        } catch {
            throw .corruptRecord(at: position, why: "its sealed fields: \(error)")
        }
    }

    /// What the record's line says in `personal`, as canonical JSON; empty for a record without.
    ///
    /// Opened fields of several slots stand in one object; what is erased or withheld says so in its place.
    public func line(of record: borrowing RecordView) throws(ReadError) -> [UInt8] {
        let readings = try readings(of: record)
        guard let first = readings.first else { return [] }
        return readings.count == 1 ? first.canonicalBytes : JSON.array(readings.map(\.json)).canonicalBytes
    }
}

extension PersonalContent {
    init(_ reading: PersonalReading, purpose: String) {
        self =
            switch reading {
            case .opened(let fields): .opened(fields.canonical)
            case .erased(let position): .erased(at: position)
            case .sealed: .sealed(purpose: purpose)
            }
    }

    var json: JSON {
        switch self {
        case .opened(let bytes): (try? JSON(parsing: bytes)) ?? .object([:])
        case .erased(let position): ["erased": ["position": .integer(Int64(clamping: position.index))]]
        case .sealed(let purpose): ["sealed": ["purpose": .text(purpose)]]
        }
    }

    var canonicalBytes: [UInt8] {
        if case .opened(let bytes) = self { bytes } else { json.canonicalBytes }
    }
}
