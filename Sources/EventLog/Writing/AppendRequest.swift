public import EventModel

/// One atomic append: all of its events are recorded, or none.
public struct AppendRequest: Sendable {
    /// What goes to which stream.
    public var appends: [StreamAppend]
    /// What would make the append come too late; `nil` for nothing.
    public var condition: AppendCondition?
    /// What ties the append to its credential, 32 bytes.
    public let auth: [UInt8]

    /// A request from its parts.
    ///
    /// - Precondition: `auth` has 32 bytes.
    public init(
        _ appends: [StreamAppend], unless condition: AppendCondition? = nil,
        auth: [UInt8] = RecordedEvent.noCredential
    ) {
        precondition(auth.count == 32, "a credential binding has 32 bytes")
        self.appends = appends
        self.condition = condition
        self.auth = auth
    }

    /// Bytes of data of all its events.
    public var dataByteCount: Int { appends.reduce(0) { $1.events.reduce($0) { $0 + $1.content.data.count } } }

    /// Bytes that the request holds while it waits, roughly.
    var byteCount: Int {
        appends.reduce(0) { sum, append in
            append.events.reduce(sum + append.stream.text.utf8.count) { sum, event in
                sum + event.content.data.count + event.content.meta.count + 256
            }
        }
    }

    /// Checks every bound that needs no look at the log.
    func checkLimits() throws(AppendError) {
        let eventCount = appends.reduce(0) { $0 + $1.events.count }
        try Self.check("bytes of data in one request", dataByteCount, Limits.requestByteCountMax)
        guard !appends.isEmpty, appends.allSatisfy({ !$0.events.isEmpty }) else { throw .empty }
        guard eventCount <= Limits.requestEventCountMax else {
            throw .tooLarge(what: "events of one request", count: eventCount, limit: Limits.requestEventCountMax)
        }
        for append in appends {
            for event in append.events { try Self.checkLimits(event) }
        }
    }

    private static func checkLimits(_ event: ProposedEvent) throws(AppendError) {
        let content = event.content
        try check("bytes of data", content.data.count, Limits.eventDataByteCountMax)
        try check("bytes of meta", content.meta.count, Limits.metaByteCountMax)
        try check("bytes of type", content.type.utf8.count, Limits.nameByteCountMax)
        try check("bytes of source", content.key.source.utf8.count, Limits.nameByteCountMax)
        try check("bytes of id", content.key.id.utf8.count, Limits.nameByteCountMax)
        try check("bytes of actor", content.actor.utf8.count, Limits.nameByteCountMax)
        try check("bytes of correlation", content.correlation.utf8.count, Limits.nameByteCountMax)
        try check("bytes of causation", content.causation.utf8.count, Limits.nameByteCountMax)
        try check("bytes of reason", content.reason.utf8.count, Limits.nameByteCountMax)
        let termCount = event.terms.count + 4
        guard termCount <= Limits.termCountMax else { throw .tooManyTerms(count: termCount) }
    }

    private static func check(_ what: StaticString, _ count: Int, _ limit: Int) throws(AppendError) {
        guard count <= limit else { throw .tooLarge(what: "\(what)", count: count, limit: limit) }
    }
}
