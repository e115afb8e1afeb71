extension Parser {
    /// Past this many names of one object the marks are not compared any more: sorting decides.
    private static var markedNameCountMax: Int { 64 }

    /// Takes down the name at a tape index. Whether the object may have had the same name before.
    ///
    /// Equal names have equal marks, and few others do: a mark holds length, first, middle and last byte.
    /// `seen` has one bit for each of 64 groups of marks; an empty group rules a repetition out at once.
    mutating func noteName(_ name: Int, from firstName: Int, seen: inout UInt64) -> Bool {
        let entry = tape[name]
        let (start, end) = (Int(entry.start), Int(entry.end))
        let middle = start + (end - start) / 2
        let mark =
            UInt32(truncatingIfNeeded: end - start) << 24 | UInt32(bytes[start + 1]) << 16
            | UInt32(bytes[middle]) << 8 | UInt32(bytes[end - 2])
        let group: UInt64 = 1 << UInt64((mark &* 0x9E37_79B1) >> 26)
        let isNewGroup = seen & group == 0
        seen |= group
        let earlierCount = names.count - firstName
        names.append(UInt32(truncatingIfNeeded: name))
        marks.append(mark)
        if entry.isIrregular || earlierCount >= Self.markedNameCountMax { return true }
        if isNewGroup { return false }
        for index in firstName..<firstName + earlierCount where marks[index] == mark { return true }
        return false
    }

    /// Refuses the first name of the object that stands there for the second time.
    ///
    /// Sorts in n log n steps, so that a hostile object of many names costs no quadratic time. Only called
    /// when the names are not in ascending order, which alone rules duplicates out, and marks repeat.
    func refuseDuplicates(from firstName: Int) throws(JSONError) {
        let sorted = NameOrder.sorted(Array(names[firstName...]), tape: tape, in: bytes)
        var offset: UInt32?
        for index in 1..<sorted.count {
            let (entry, other) = (tape[Int(sorted[index])], tape[Int(sorted[index - 1])])
            // The sort is stable: of two equal names the later one stands behind.
            if NameOrder.compare(other, entry, in: bytes) == 0 {
                offset = min(offset ?? entry.start, entry.start)
            }
        }
        if let offset { throw JSONError(.duplicateName, at: Int(offset)) }
    }
}
