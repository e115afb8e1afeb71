extension NameOrder {
    /// Up to this many names an insertion sort in place is quicker than merging.
    private static var insertionCountMax: Int { 24 }

    /// Tape indexes of names in canonical order. Stable: equal names keep their order.
    ///
    /// Written out, since a closure for the library's sort may not hold on to a span.
    static func sorted(_ names: consuming [UInt32], tape: [TapeEntry], in bytes: Span<UInt8>) -> [UInt32] {
        var names = names
        if names.count <= insertionCountMax {
            sortByInsertion(&names, tape: tape, in: bytes)
        } else {
            sortByMerging(&names, tape: tape, in: bytes)
        }
        return names
    }

    private static func sortByInsertion(_ names: inout [UInt32], tape: [TapeEntry], in bytes: Span<UInt8>) {
        for index in names.indices.dropFirst() {
            let name = names[index]
            let entry = tape[Int(name)]
            var hole = index
            while hole > 0, compare(tape[Int(names[hole - 1])], entry, in: bytes) > 0 {
                names[hole] = names[hole - 1]
                hole -= 1
            }
            names[hole] = name
        }
    }

    private static func sortByMerging(_ source: inout [UInt32], tape: [TapeEntry], in bytes: Span<UInt8>) {
        let count = source.count
        var target = source
        var width = 1
        while width < count {
            var low = 0
            while low < count {
                let middle = min(low + width, count)
                let high = min(low + 2 * width, count)
                var (left, right) = (low, middle)
                for index in low..<high {
                    let takesLeft =
                        left < middle
                        && (right >= high
                            || compare(tape[Int(source[left])], tape[Int(source[right])], in: bytes) <= 0)
                    target[index] = takesLeft ? source[left] : source[right]
                    if takesLeft { left += 1 } else { right += 1 }
                }
                low = high
            }
            swap(&source, &target)
            width *= 2
        }
    }
}
