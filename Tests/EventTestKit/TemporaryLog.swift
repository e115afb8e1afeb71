public import EventLog
public import EventModel

/// A log in a directory of its own, with a clock that the test moves.
public struct TemporaryLog: Sendable {
    /// Where the log lies.
    public let directory: TemporaryDirectory
    /// The log's clock.
    public let clock: ManualClock
    /// Bytes that the log's file may ever use.
    public let mapByteCount: Int

    /// A place for a log; nothing is opened yet.
    public init(mapByteCount: Int = 64 << 20) throws {
        directory = try TemporaryDirectory()
        clock = ManualClock()
        self.mapByteCount = mapByteCount
    }

    /// How the log is opened.
    public func options(
        extractor: TermExtractor = .ownersOnly, rules: LifecycleRules = .dealsOnly
    ) -> EventLog.Options {
        let clock = clock
        var options = EventLog.Options(extractor: extractor) { clock.now }
        options.rules = rules
        options.mapByteCount = mapByteCount
        return options
    }

    /// Opens the log. Let go of one before you open the next.
    public func open(
        extractor: TermExtractor = .ownersOnly, rules: LifecycleRules = .dealsOnly, isReadOnly: Bool = false,
        isDamageTolerated: Bool = false
    ) throws(OpenError) -> EventLog {
        var options = options(extractor: extractor, rules: rules)
        options.isReadOnly = isReadOnly
        options.isDamageTolerated = isDamageTolerated
        return try EventLog(at: DataDirectory(directory.path), options: options)
    }

    /// Lends an open log to the body and closes it afterwards.
    @discardableResult
    public func withLog<Result>(
        extractor: TermExtractor = .ownersOnly, _ body: (EventLog) async throws -> Result
    ) async throws -> Result {
        let log = try open(extractor: extractor)
        defer { log.close() }
        return try await body(log)
    }
}

/// Lends a fresh log to the body and removes it afterwards.
@discardableResult
public func withTemporaryLog<Result>(
    mapByteCount: Int = 64 << 20, _ body: (EventLog, ManualClock) async throws -> Result
) async throws -> Result {
    let place = try TemporaryLog(mapByteCount: mapByteCount)
    return try await place.withLog { log in try await body(log, place.clock) }
}

extension TermExtractor {
    /// The references of the events that ``Proposal`` makes, as the catalog derives them.
    public static let ownersOnly = owners(version: 1)

    /// The same references under another version, which makes a log build its index anew.
    public static func owners(version: UInt32) -> TermExtractor {
        TermExtractor(version: version) { type, _, data in
            guard type == "account.owner_assigned" else { return [] }
            let text = String(decoding: data, as: UTF8.self)
            guard let field = text.range(of: #""owner_id":""#) else { return [] }
            return ["owner:" + text[field.upperBound...].prefix { $0 != "\"" }]
        }
    }
}

extension String {
    /// The first place of a text in this one.
    fileprivate func range(of text: String) -> Range<String.Index>? { self.ranges(of: text).first }
}
