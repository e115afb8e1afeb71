extension NameOrder {
    /// Up to this many names an insertion sort in place is quicker than merging.
    private static var insertionCountMax: Int { 24 }

    /// Tape indexes of the names of an object in canonical order.
    static func names(ofObjectAt index: Int, tape: Span<TapeEntry>, in bytes: Span<UInt8>) -> [UInt32] {
        let entry = tape[index]
        var names: [UInt32] = []
        names.reserveCapacity(entry.count)
        var at = UInt32(truncatingIfNeeded: index + 1)
        while at < entry.next {
            names.append(at)
            at = tape[Int(at) + 1].next
        }
        return entry.isIrregular ? sorted(names, tape: tape, in: bytes) : names
    }

    /// Refuses the first name of an object that stands there for the second time.
    ///
    /// Sorts in n log n steps, so that a hostile object of many names costs no quadratic time.
    static func refuseDuplicates(
        ofObjectAt index: Int, tape: Span<TapeEntry>, in bytes: Span<UInt8>
    ) throws(JSONError) {
        let sorted = names(ofObjectAt: index, tape: tape, in: bytes)
        var offset: UInt32?
        for index in sorted.indices.dropFirst() {
            let (entry, other) = (tape[Int(sorted[index])], tape[Int(sorted[index - 1])])
            // The sort is stable: of two equal names the later one stands behind.
            if compare(other, entry, in: bytes) == 0 { offset = min(offset ?? entry.start, entry.start) }
        }
        if let offset { throw JSONError(.duplicateName, at: Int(offset)) }
    }

    /// Tape indexes of names in canonical order. Stable: equal names keep their order.
    ///
    /// Written out, since a closure for the library's sort may not hold on to a span.
    private static func sorted(_ names: consuming [UInt32], tape: Span<TapeEntry>, in bytes: Span<UInt8>) -> [UInt32] {
        var names = names
        if names.count <= insertionCountMax {
            sortByInsertion(&names, tape: tape, in: bytes)
        } else {
            sortByMerging(&names, tape: tape, in: bytes)
        }
        return names
    }

    private static func sortByInsertion(_ names: inout [UInt32], tape: Span<TapeEntry>, in bytes: Span<UInt8>) {
        var index = 1
        while index < names.count {
            defer { index += 1 }
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

    private static func sortByMerging(_ source: inout [UInt32], tape: Span<TapeEntry>, in bytes: Span<UInt8>) {
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
                    // Ifs and no operators: those would take the tape along into an autoclosure.
                    var takesLeft = left < middle
                    if takesLeft, right < high {
                        takesLeft = compare(tape[Int(source[left])], tape[Int(source[right])], in: bytes) <= 0
                    }
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
