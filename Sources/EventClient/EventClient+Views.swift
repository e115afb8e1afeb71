public import CanonicalJSON
public import EventModel
public import WireProtocol

extension EventClient {
    /// One row of a view; `nil` if it has none for the key.
    public func row(_ key: String, of view: String, _ options: ViewOptions = ViewOptions()) async throws(ReadError)
        -> JSON?
    {
        try await json(["VIEW.GET", view, key], options)
    }

    /// The events behind a value of a row; `nil` if the view has none for the key.
    public func why(
        _ key: String, field: String, of view: String, _ options: ViewOptions = ViewOptions()
    ) async throws(ReadError) -> JSON? {
        try await json(["VIEW.WHY", view, key, field], options)
    }

    /// A page of a view's rows.
    public func scan(_ view: String, _ options: ViewOptions = ViewOptions()) async throws(ReadError) -> JSON? {
        try await json(["VIEW.SCAN", view], options)
    }

    /// A view's report.
    public func report(_ view: String, _ options: ViewOptions = ViewOptions()) async throws(ReadError) -> JSON? {
        try await json(["VIEW.REPORT", view], options)
    }

    /// Waits until a view has applied the event at the position, to read one's own writes.
    ///
    /// - Returns: The position that the view has reached; `nil` when the time was over before.
    public func wait(
        for view: String, toReach position: Position, milliseconds: Int
    ) async throws(ReadError) -> Position? {
        let words = ["VIEW.WAIT", view, position.description, milliseconds.description]
        let reply = try await answer(words.map { Array($0.utf8) })
        if reply == .null { return nil }
        guard let index = reply.integer.flatMap({ UInt64(exactly: $0) }) else { throw .notUnderstood }
        return Position(index)
    }

    /// The names of the views.
    public func views() async throws(ReadError) -> RESPValue { try await answer([Array("VIEW.LIST".utf8)]) }

    /// The state of log, index and views.
    public func status() async throws(ReadError) -> RESPValue { try await answer([Array("ADMIN.STATUS".utf8)]) }

    /// Copies the log to a directory on the server's machine while it runs, or brings an earlier copy up to date.
    ///
    /// - Returns: A map of path, events, copied, bytes and milliseconds.
    public func backup(to path: String) async throws(ReadError) -> RESPValue {
        try await answer([Array("ADMIN.BACKUP".utf8), Array(path.utf8)])
    }

    /// Seals what can be sealed of the log now rather than in the background.
    ///
    /// - Returns: The log's part of ``status()``, as it is afterwards.
    public func seal() async throws(ReadError) -> RESPValue { try await answer([Array("ADMIN.SEAL".utf8)]) }

    private func json(_ words: [String], _ options: ViewOptions) async throws(ReadError) -> JSON? {
        let reply = try await answer(words.map { Array($0.utf8) } + options.arguments)
        if reply == .null { return nil }
        guard let bytes = reply.bytes else { throw .notUnderstood }
        do throws(JSONError) {
            let document = try JSONDocument(parsing: bytes, maximumByteCount: WireLimits.replyByteCountMax)
            return JSON(document.root)
        } catch { throw .notUnderstood }
    }
}
