/// A row that is only ever added to, such as counts and sums over many entities.
public protocol SumRow: RowValue, Equatable {
    /// Nothing counted yet.
    init()
    /// Adds what another row counted; overflow wraps around.
    static func += (sum: inout Self, other: Self)
}

/// Sums over entities that lie in different partitions.
///
/// A projection adds and never reads: what it has seen of a sum would depend on the partition. Additions of all
/// partitions are added to the stored row when they are committed, so the rows are those of a single-threaded fold. A
/// sum that is zero again has no row.
public final class Sums<Key: RowKey, Row: SumRow> {
    private let storage: TableStorage
    @usableFromInline var changes: [Key: Row] = [:]

    init(_ storage: TableStorage) { self.storage = storage }

    /// Adds to the sum of a key.
    @inlinable
    public func add(to key: Key, _ change: (inout Row) -> Void) { change(&changes[key, default: Row()]) }
}

extension Sums {
    func takeChanges() -> RowChanges {
        var rows = RowChanges(storage) { stored, change throws(RowError) in
            var sum = Row()
            for bytes in [stored, change] {
                guard let bytes else { continue }
                var decoder = RowDecoder(bytes)
                sum += try Row(from: &decoder)
            }
            guard sum != Row() else { return nil }
            var encoder = RowEncoder()
            sum.encode(to: &encoder)
            return encoder.bytes
        }
        for (key, row) in changes { rows.take(key, row) }
        changes = [:]
        rows.sort()
        return rows
    }
}
