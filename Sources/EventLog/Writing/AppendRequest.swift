public import EventModel

/// One atomic append: all of its events are recorded, or none.
public struct AppendRequest: Sendable {
    /// What goes to which stream.
    public var appends: [StreamAppend]
    /// What ties the append to its credential, 32 bytes.
    public var auth: [UInt8]

    /// A request from its parts.
    public init(_ appends: [StreamAppend], auth: [UInt8] = RecordedEvent.noCredential) {
        self.appends = appends
        self.auth = auth
    }

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
        let sizes = [
            ("bytes of data", content.data.count, Limits.eventDataByteCountMax),
            ("bytes of meta", content.meta.count, Limits.metaByteCountMax),
            ("bytes of type", content.type.utf8.count, Limits.nameByteCountMax),
            ("bytes of source", content.key.source.utf8.count, Limits.nameByteCountMax),
            ("bytes of id", content.key.id.utf8.count, Limits.nameByteCountMax),
            ("bytes of actor", content.actor.utf8.count, Limits.nameByteCountMax),
            ("bytes of correlation", content.correlation.utf8.count, Limits.nameByteCountMax),
            ("bytes of causation", content.causation.utf8.count, Limits.nameByteCountMax),
            ("bytes of reason", content.reason.utf8.count, Limits.nameByteCountMax),
        ]
        for (what, count, limit) in sizes where count > limit {
            throw .tooLarge(what: what, count: count, limit: limit)
        }
        let termCount = event.terms.count + 4
        guard termCount <= Limits.termCountMax else { throw .tooManyTerms(count: termCount) }
    }
}
