/// The rows of a comma-separated file without quoted fields, whose fields are read where they lie: a million of them
/// in a second.
struct CommaRows {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// One row, by the places of its commas.
    struct Row {
        fileprivate let bytes: [UInt8]
        fileprivate let start: Int
        fileprivate let ends: [Int]

        private func range(_ column: Int) -> Range<Int> { (column == 0 ? start : ends[column - 1] + 1)..<ends[column] }

        func text(_ column: Int) -> String { String(decoding: bytes[range(column)], as: UTF8.self) }

        func integer(_ column: Int) -> Int64 {
            bytes[range(column)].reduce(0) { $0 * 10 + Int64($1) - 0x30 }
        }

        /// Hundredths of a decimal number. Whoever wrote the file subtracted floating numbers: what is left of 0 has
        /// an exponent, such as 1.776357e-15.
        func cents(_ column: Int) -> Int64 {
            var (digits, decimals): (Int64, Int?) = (0, nil)
            for place in range(column) {
                switch bytes[place] {
                case UInt8(ascii: "e"): return 0
                case UInt8(ascii: "."): decimals = 0
                case let digit where decimals ?? 0 < 2:
                    digits = digits * 10 + Int64(digit) - 0x30
                    decimals = decimals.map { $0 + 1 }
                default: break
                }
            }
            return digits * (decimals == 2 ? 1 : decimals == 1 ? 10 : 100)
        }
    }

    /// Hands out the rows below the header.
    func forEach(_ body: (Row) -> Void) {
        var start = 0
        var ends: [Int] = []
        var isHeader = true
        for place in bytes.indices where bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "\n") {
            ends.append(place)
            guard bytes[place] == UInt8(ascii: "\n") else { continue }
            if !isHeader { body(Row(bytes: bytes, start: start, ends: ends)) }
            isHeader = false
            start = place + 1
            ends.removeAll(keepingCapacity: true)
        }
    }
}
