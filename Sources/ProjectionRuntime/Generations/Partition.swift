internal import CRMEvents
internal import EventModel

/// A share of the entities of a generation: an instance of the projection over tables of its own.
actor Partition {
    private let model: any ReadModel
    private let tables: TableSet

    init(_ type: any ReadModel.Type, of generation: Generation) {
        tables = generation.openTables()
        model = type.init(tables: tables)
    }

    /// Folds the events that are its own.
    ///
    /// - Parameter shares: the number of the partition that each event belongs to.
    func apply(_ events: [CRMEvent], _ shares: [UInt8], number: UInt8) {
        for index in events.indices where shares[index] == number { model.apply(events[index]) }
    }

    /// The changes of its rows since the last call, in key order.
    func takeChanges() throws(ViewError) -> [RowChanges] { try tables.takeChanges() }

    /// Memory that its rows take, by estimate.
    var residentByteCount: Int { tables.residentByteCount }

    /// Drops rows from memory that stand on disk when all take more than a number of bytes.
    func forget(past byteCount: Int) { tables.forget(past: byteCount) }
}
