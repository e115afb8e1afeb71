public import EventModel
internal import RecordFormat

/// Requests before their turn: bounds checked, records encoded but for what the writer decides, keys hashed.
///
/// All of this happens where the requests arrive, straight from the bytes that arrived, so that the writer's turn
/// costs little more than copying; and for many requests together, so that an event costs no memory of its own.
/// A request is put together in this order: ``openStream(expecting:recordsViolations:)``, its events, the next stream,
/// and in the end ``closeRequest(unless:)`` or ``dropRequest()``.
public struct PreparedRequests: Sendable {
    /// Where a request ends in the lists of all, and its first stream's place.
    struct Request {
        let firstEvent: Int
        let firstKey: Int
        let firstPart: Int
    }

    /// What a request asks of one stream.
    struct Part {
        let expecting: ExpectedRevision
        /// Whether events that the lifecycle does not allow are recorded all the same.
        let recordsViolations: Bool
        var mark = StreamMark(key: 0, check: 0)
        var eventCount = 0
        /// Whether the writer must ask the lifecycle rules about it.
        var isGoverned = false
    }

    /// Ids from which on the writer is spared looking for them.
    private static let soughtIDCountMin = 64

    let hasher: TermHasher
    let rules: LifecycleRules
    private(set) var requests: [Request] = []
    private(set) var parts: [Part] = []
    /// Where each record begins.
    private(set) var offsets: [Int] = []
    /// Index keys, one event's behind the other's: first its id's, then its stream's, then the rest.
    private(set) var keys: [UInt64] = []
    /// How many keys each event has.
    private(set) var keyCounts: [UInt16] = []
    /// What would make a request come too late, by the request's place.
    private(set) var conditions: [Int: AppendCondition] = [:]
    /// Why a request is refused whatever the log holds, by the request's place.
    private(set) var refusals: [Int: AppendError] = [:]
    /// Which of the ids are new; `nil` if that is left to the writer.
    private(set) var newIDs: NewKeys?
    private var writer = RecordWriter()
    private var open = Request(firstEvent: 0, firstKey: 0, firstPart: 0)
    private var dataByteCount = 0
    /// Bytes of the names in all conditions.
    private var conditionByteCount = 0
    private var fault: AppendError?

    /// No requests yet, for one log.
    public init(for log: EventLog) { self.init(log.hasher, log.rules) }

    init(_ hasher: TermHasher, _ rules: LifecycleRules = .none) {
        self.hasher = hasher
        self.rules = rules
    }

    /// Number of requests.
    public var count: Int { requests.count }
    /// Whether there is none.
    public var isEmpty: Bool { requests.isEmpty }
    /// The records, one behind the other, their revisions and times of recording still zero.
    var records: [UInt8] { writer.bytes }
    /// Bytes that the requests hold while they wait, about.
    public var byteCount: Int {
        64 + writer.bytes.count + 8 * keys.count + 128 * requests.count + conditionByteCount
    }

    /// The index keys of the ids.
    var ids: [UInt64] {
        var ids: [UInt64] = []
        ids.reserveCapacity(keyCounts.count)
        var key = 0
        for count in keyCounts {
            ids.append(keys[key])
            key += Int(count)
        }
        return ids
    }

    /// Looks for the ids here rather than in the writer's turn, if they are many.
    mutating func lookForIDs(in snapshot: IndexSnapshot) {
        if keyCounts.count >= Self.soughtIDCountMin { newIDs = NewKeys(ids, in: snapshot) }
    }

    /// The place behind the last event, key and part of a request.
    func end(of index: Int) -> Request { index + 1 < requests.count ? requests[index + 1] : open }

    /// Where the records of some events stand in ``records``.
    func recordRange(of events: Range<Int>) -> Range<Int> {
        offsets[events.lowerBound]..<(events.upperBound < offsets.count ? offsets[events.upperBound] : records.count)
    }

    /// Makes room for so many requests of one event, whose lines have so many bytes.
    public mutating func reserveCapacity(lineCount: Int, byteCount: Int) {
        writer.reserveCapacity(byteCount)
        requests.reserveCapacity(lineCount)
        parts.reserveCapacity(lineCount)
        offsets.reserveCapacity(lineCount)
        keyCounts.reserveCapacity(lineCount)
        keys.reserveCapacity(8 * lineCount)
    }
}

// MARK: - Putting a request together

extension PreparedRequests {
    /// Begins the events of one stream.
    ///
    /// - Parameter recordsViolations: takes events that the stream's lifecycle does not allow, for imports of what has
    ///   happened elsewhere.
    public mutating func openStream(expecting: ExpectedRevision, recordsViolations: Bool = false) {
        parts.append(Part(expecting: expecting, recordsViolations: recordsViolations))
    }

    /// Begins an event. Without a time it gets that of its recording.
    ///
    /// - Precondition: `auth` has 32 bytes.
    public mutating func openEvent(
        schema: UInt32, time: Timestamp?, auth: [UInt8] = RecordedEvent.noCredential
    ) {
        offsets.append(writer.bytes.count)
        writer.open(schema: schema, time: time, auth: auth)
    }

    /// Appends the next text of the event, in the order of ``EventText``.
    public mutating func append(_ text: Span<UInt8>) {
        if text.count <= Limits.nameByteCountMax { return writer.append(text) }
        refuse("bytes of a text of the envelope", text.count, Limits.nameByteCountMax)
        writer.append(Span())
    }

    /// A text of the event that is open.
    @_lifetime(borrow self)
    public func text(_ text: EventText) -> Span<UInt8> { writer.bytes.span.extracting(writer.range(of: text)) }

    /// Whether a text of the event that is open is this one.
    public func has(_ text: EventText, _ expected: String) -> Bool {
        let range = writer.range(of: text)
        return range.count == expected.utf8.count && writer.bytes[range].elementsEqual(expected.utf8)
    }

    /// A copy of a text of the event that is open.
    public func string(_ text: EventText) -> String {
        String(decoding: writer.bytes[writer.range(of: text)], as: UTF8.self)
    }

    /// Ends an event.
    ///
    /// - Parameters:
    ///   - meta: its canonical JSON; `{}` takes no room.
    ///   - terms: its references; those of the envelope are added.
    ///   - sealed: its sealed personal fields.
    ///   - appendData: appends the canonical JSON of `data`.
    public mutating func closeEvent(
        meta: [UInt8] = EventContent.emptyObject, terms: borrowing TermList, sealed: [SealedFields] = [],
        appendData: (inout [UInt8]) -> Void
    ) {
        if meta.count > Limits.metaByteCountMax { refuse("bytes of meta", meta.count, Limits.metaByteCountMax) }
        var byteCount = 0
        writer.close(meta: meta.count > Limits.metaByteCountMax ? [] : meta, sealed: sealed) { bytes in
            let start = bytes.count
            appendData(&bytes)
            byteCount = bytes.count - start
        }
        dataByteCount += byteCount
        if byteCount > Limits.eventDataByteCountMax {
            refuse("bytes of data", byteCount, Limits.eventDataByteCountMax)
        }
        let keyCount = keys.count
        hasher.appendKeys(of: writer, references: terms, to: &keys)
        keyCounts.append(UInt16(truncatingIfNeeded: keys.count - keyCount))
        // The index has one key more than terms: the id's.
        if keys.count - keyCount - 1 > Limits.termCountMax {
            fault = fault ?? .tooManyTerms(count: keys.count - keyCount - 1)
        }
        let part = parts.count - 1
        if parts[part].eventCount == 0 {
            parts[part].mark = StreamMark(key: keys[keyCount + 1], of: writer)
        }
        parts[part].eventCount += 1
        if !parts[part].recordsViolations {
            let isGoverned = rules.governs(writer.bytes.span.extracting(writer.range(of: .type)))
            parts[part].isGoverned = parts[part].isGoverned || isGoverned
        }
    }

    /// Ends a request.
    ///
    /// - Throws: ``AppendError`` for one past a bound; the request is dropped then.
    public mutating func closeRequest(unless condition: AppendCondition? = nil) throws(AppendError) {
        let eventCount = offsets.count - open.firstEvent
        if parts.count == open.firstPart || parts[open.firstPart...].contains(where: { $0.eventCount == 0 }) {
            fault = fault ?? .empty
        }
        if dataByteCount > Limits.requestByteCountMax {
            refuse("bytes of data in one request", dataByteCount, Limits.requestByteCountMax)
        }
        if eventCount > Limits.requestEventCountMax {
            refuse("events of one request", eventCount, Limits.requestEventCountMax)
        }
        if let fault {
            dropRequest()
            throw fault
        }
        conditions[requests.count] = condition
        conditionByteCount += condition?.query.nameByteCount ?? 0
        finishRequest()
    }

    /// Forgets the request that is open.
    public mutating func dropRequest() {
        if offsets.count > open.firstEvent { writer.drop(from: offsets[open.firstEvent]) }
        offsets.removeSubrange(open.firstEvent...)
        keys.removeSubrange(open.firstKey...)
        keyCounts.removeSubrange(open.firstEvent...)
        parts.removeSubrange(open.firstPart...)
        (dataByteCount, fault) = (0, nil)
    }

    /// Adds a whole request; one past a bound is refused when its turn comes.
    public mutating func append(_ request: AppendRequest, recordsViolations: Bool = false) {
        var terms = TermList()
        for append in request.appends {
            openStream(expecting: append.expecting, recordsViolations: recordsViolations)
            for event in append.events {
                self.append(event, to: append.stream, auth: request.auth, &terms)
                // What cannot be taken is not copied to its end.
                if fault != nil { break }
            }
        }
        do throws(AppendError) {
            try closeRequest(unless: request.condition)
        } catch {
            refusals[requests.count] = error
            finishRequest()
        }
    }

    private mutating func append(
        _ event: ProposedEvent, to stream: StreamName, auth: [UInt8], _ terms: inout TermList
    ) {
        let content = event.content
        openEvent(schema: content.schema, time: event.time, auth: auth)
        append(stream.text.utf8.span)
        append(content.type.utf8.span)
        append(content.key.source.utf8.span)
        append(content.key.id.utf8.span)
        append(content.actor.utf8.span)
        append(content.correlation.utf8.span)
        append(content.causation.utf8.span)
        append(content.reason.utf8.span)
        terms.removeAll()
        for term in event.terms { terms.insert(term) }
        closeEvent(meta: content.meta, terms: terms, sealed: event.sealed) { $0.append(contentsOf: content.data) }
    }

    private mutating func finishRequest() {
        requests.append(open)
        open = Request(firstEvent: offsets.count, firstKey: keys.count, firstPart: parts.count)
        (dataByteCount, fault) = (0, nil)
    }

    private mutating func refuse(_ what: String, _ count: Int, _ limit: Int) {
        fault = fault ?? .tooLarge(what: what, count: count, limit: limit)
    }
}

extension EventQuery {
    /// Bytes of the names in it.
    fileprivate var nameByteCount: Int {
        items.reduce(0) { sum, item in (item.types + item.terms).reduce(sum) { $0 + $1.utf8.count } }
    }
}
