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
    public func row<Key, Row>(_ table: TableName<Key, Row>, _ key: Key) throws(ViewError) -> Row? {
        let bytes: [UInt8]?
        do throws(LMDBError) {
            bytes = try rows.value(of: key.keyBytes, in: table.name)
        } catch {
            throw .storage(error.description)
        }
        guard let bytes else { return nil }
        return try Self.decoded(table) { () throws(RowError) in
            var decoder = RowDecoder(bytes)
            return try Row(from: &decoder)
        }
    }

    /// Hands the rows whose keys begin with a shorter key to `body`, in key order.
    public func forEach<Key, Row>(
        _ table: TableName<Key, Row>, of owner: some RowKey, _ body: (Key, Row) throws(ViewError) -> Void
    ) throws(ViewError) {
        try forEach(table, fromBytes: owner.keyBytes, within: owner.keyBytes, .forward) { key, row throws(ViewError) in
            try body(key, row)
            return true
        }
    }

    /// Hands rows to `body` in key order until it returns `false`. `from` includes.
    public func forEach<Key, Row>(
        _ table: TableName<Key, Row>, from: Key? = nil, direction: ReadDirection = .forward,
        _ body: (Key, Row) throws(ViewError) -> Bool
    ) throws(ViewError) {
        try forEach(table, fromBytes: from.map { $0.keyBytes }, within: [], direction, body)
    }

    private func forEach<Key, Row>(
        _ table: TableName<Key, Row>, fromBytes from: [UInt8]?, within prefix: [UInt8], _ direction: ReadDirection,
        _ body: (Key, Row) throws(ViewError) -> Bool
    ) throws(ViewError) {
        var failure: ViewError?
        do throws(LMDBError) {
            try rows.forEachRow(
                in: table.name, from: from, backward: direction == .backward
            ) { keyBytes, bytes in
                guard keyBytes.starts(with: prefix) else { return false }
                do throws(ViewError) {
                    let (key, row) = try Self.decoded(table) { () throws(RowError) in
                        var keyDecoder = KeyDecoder(keyBytes)
                        var decoder = RowDecoder(bytes)
                        return (try Key(from: &keyDecoder), try Row(from: &decoder))
                    }
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

    private static func decoded<Key, Row, Value>(
        _ table: TableName<Key, Row>, _ body: () throws(RowError) -> Value
    ) throws(ViewError) -> Value {
        do throws(RowError) {
            return try body()
        } catch {
            throw .corruptRow("table '\(table.name)': \(error.expected) expected at byte \(error.offset) of a row")
        }
    }
}
