internal import CanonicalJSON

/// A row of a view as cells: members of nested objects stand under dotted names, lists are their JSON text.
///
/// Cells come in the order of canonical JSON, so the same view always gives the same columns.
struct FlatRow {
    private(set) var cells: [(column: String, value: JSON)] = []

    init(_ row: JSON) { add(row, under: "") }

    private mutating func add(_ value: JSON, under column: String) {
        switch value {
        case .object(let members):
            for name in members.keys.sorted() {
                add(members[name] ?? .null, under: column.isEmpty ? name : "\(column).\(name)")
            }
        case .array: cells.append((column, .text(value.canonicalText)))
        case .null, .boolean, .integer, .text: cells.append((column, value))
        }
    }
}

/// The columns that rows have, found by going through them once: views leave out what a row has not.
struct Columns {
    private(set) var names: [String] = []
    private var places: [String: Int] = [:]

    mutating func add(_ row: FlatRow) {
        for cell in row.cells where places[cell.column] == nil {
            places[cell.column] = 0
            names.append(cell.column)
        }
    }

    /// Puts them in order; from now on a row has places.
    mutating func sort() {
        names.sort()
        for (place, name) in names.enumerated() { places[name] = place }
    }

    /// The values of a row in the order of the columns, null where it has none.
    ///
    /// - Throws: ``ViewExportError/viewHasMoved`` for a column that was not there when the rows were gone through.
    func values(of row: FlatRow) throws(ViewExportError) -> [JSON] {
        var values = [JSON](repeating: .null, count: names.count)
        for cell in row.cells {
            guard let place = places[cell.column] else { throw .viewHasMoved }
            values[place] = cell.value
        }
        return values
    }
}
