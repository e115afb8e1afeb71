/// A table in plain text: columns two spaces apart, numbers to the right.
public struct TextTable: Sendable {
    /// Where the cells of a column stand.
    public enum Alignment: Sendable { case left, right }

    private let alignments: [Alignment]
    private let header: [String]
    private var rows: [[String]] = []

    /// A table with these columns.
    public init(_ columns: KeyValuePairs<String, Alignment>) {
        header = columns.map(\.key)
        alignments = columns.map(\.value)
    }

    /// A table of names, and numbers in as many columns as the answer has.
    init(first: String, numbers: [String]) {
        header = [first] + numbers
        alignments = [.left] + numbers.map { _ in .right }
    }

    /// A table of names, and words in as many columns as the answer has.
    init(first: String, texts: [String]) {
        header = [first] + texts
        alignments = header.map { _ in .left }
    }

    /// Adds a row of as many cells as there are columns; further ones are dropped.
    public mutating func add(_ cells: [String]) { rows.append(cells.map(DisplayWidth.safe)) }

    /// The lines, header first; without any row there is only the header.
    public var lines: [String] {
        let all = header.allSatisfy(\.isEmpty) ? rows : [header] + rows
        let widths = header.indices.map { column in
            all.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, width) in widths.enumerated() where column < row.count {
                let padding = String(repeating: " ", count: width - DisplayWidth.of(row[column]))
                if column > 0 { line += "  " }
                line += alignments[column] == .right ? padding + row[column] : row[column] + padding
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
