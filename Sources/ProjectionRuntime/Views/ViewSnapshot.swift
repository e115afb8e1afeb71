public import CRMEvents
public import EventModel
internal import LMDB

/// One consistent state of a view: its rows, and the coordinates that belong to them.
public struct ViewSnapshot {
    /// The newest event that was applied; `nil` before the first.
    public let position: Position?
    /// The greatest time among the applied events; the default as-of moment.
    public let latestTime: Timestamp?
    /// The bound on event time that the question asked for; later events were not applied.
    public let asOf: Timestamp?

    /// The newest position that counts, where the rows may go further; `nil` where all of them count.
    public let knownAt: Position?

    private let rows: RowStore
    private let source: (any EventSource)?

    init(
        _ rows: RowStore, _ checkpoint: Checkpoint, asOf: Timestamp?, source: (any EventSource)?
    ) {
        self.rows = rows
        position = checkpoint.next == .origin ? nil : Position(checkpoint.next.index - 1)
        latestTime = checkpoint.latestTime
        self.asOf = asOf
        knownAt = nil
        self.source = source
    }

    /// The same rows with the coordinates of an earlier moment, for a read model whose rows keep their history.
    init(_ later: ViewSnapshot, asOf earlier: ViewSnapshot) {
        rows = later.rows
        source = later.source
        (position, latestTime, asOf) = (earlier.position, earlier.latestTime, earlier.asOf)
        knownAt = earlier.position
    }

    /// The event at a position, with its personal fields as far as the reader of the view's log may see them; `nil`
    /// for a position past the end.
    ///
    /// For what is personal a view keeps positions and looks here when it is asked: then nothing of it is on disk in
    /// clear, and who is erased is gone from every answer at once, also from those about a moment before. A question
    /// reads a bounded number of events.
    public func event(at position: Position) throws(ViewError) -> CRMEvent? {
        guard let source else { return nil }
        do {
            return try source.events(from: position, count: 1).first.map { try CRMEvent($0) }
        } catch {
            throw .log("\(error)")
        }
    }

    /// The row of a key.
    @inlinable
    public func row<Key, Row>(_ table: TableName<Key, Row>, _ key: Key) throws(ViewError) -> Row? {
        guard let bytes = try bytes(of: key.keyBytes, in: table.name) else { return nil }
        do throws(RowError) {
            var decoder = RowDecoder(bytes)
            return try Row(from: &decoder)
        } catch {
            throw Self.damage(error, in: table.name)
        }
    }

    /// Hands the rows whose keys begin with a shorter key to `body`, in key order.
    @inlinable
    public func forEach<Key, Row>(
        _ table: TableName<Key, Row>, of owner: some RowKey, _ body: (Key, Row) throws(ViewError) -> Void
    ) throws(ViewError) {
        let prefix = owner.keyBytes
        try forEachRow(table, from: prefix, within: prefix, .forward) { key, row throws(ViewError) in
            try body(key, row)
            return true
        }
    }

    /// Hands the rows whose keys begin with a shorter key to `body` until it returns `false`. `from` includes.
    @inlinable
    public func forEach<Key, Row>(
        _ table: TableName<Key, Row>, of owner: some RowKey, from: Key, direction: ReadDirection,
        _ body: (Key, Row) throws(ViewError) -> Bool
    ) throws(ViewError) {
        try forEachRow(table, from: from.keyBytes, within: owner.keyBytes, direction, body)
    }

    /// Hands rows to `body` in key order until it returns `false`. `from` includes.
    @inlinable
    public func forEach<Key, Row>(
        _ table: TableName<Key, Row>, from: Key? = nil, direction: ReadDirection = .forward,
        _ body: (Key, Row) throws(ViewError) -> Bool
    ) throws(ViewError) {
        try forEachRow(table, from: from?.keyBytes, within: [], direction, body)
    }

    @inlinable
    func forEachRow<Key, Row>(
        _ table: TableName<Key, Row>, from: [UInt8]?, within prefix: [UInt8], _ direction: ReadDirection,
        _ body: (Key, Row) throws(ViewError) -> Bool
    ) throws(ViewError) {
        try forEachBytes(in: table.name, from: from, within: prefix, direction) { keyBytes, bytes throws(ViewError) in
            let key: Key
            let row: Row
            do throws(RowError) {
                var keyDecoder = KeyDecoder(keyBytes)
                var decoder = RowDecoder(bytes)
                key = try Key(from: &keyDecoder)
                row = try Row(from: &decoder)
            } catch {
                throw Self.damage(error, in: table.name)
            }
            return try body(key, row)
        }
    }

    @usableFromInline
    func bytes(of key: [UInt8], in table: String) throws(ViewError) -> [UInt8]? {
        do throws(LMDBError) {
            return try rows.value(of: key, in: table)
        } catch {
            throw .storage(error.description)
        }
    }

    @usableFromInline
    func forEachBytes(
        in table: String, from: [UInt8]?, within prefix: [UInt8], _ direction: ReadDirection,
        _ body: (_ key: [UInt8], _ row: [UInt8]) throws(ViewError) -> Bool
    ) throws(ViewError) {
        var failure: ViewError?
        do throws(LMDBError) {
            try rows.forEachRow(in: table, from: from, backward: direction == .backward) { key, row in
                guard key.starts(with: prefix) else { return false }
                do throws(ViewError) {
                    return try body(key, row)
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            throw .storage(error.description)
        }
        if let failure { throw failure }
    }

    @usableFromInline
    static func damage(_ error: RowError, in table: String) -> ViewError {
        .corruptRow("table '\(table)': \(error.expected) expected at byte \(error.offset) of a row")
    }
}
