import CanonicalJSON

extension FieldTable {
    /// Appends the offsets of an object's fields in the order of the table; 0 for an absent one.
    ///
    /// Canonical names are sorted, so one walk through data and table finds them all.
    ///
    /// - Returns: what is wrong with the object, if anything.
    func locate(
        in bytes: Span<UInt8>, at start: Int = 0, shiftedBy shift: Int = 0, into places: inout [UInt32]
    ) -> (field: String, problem: UndecodableEvent.Problem)? {
        guard bytes.kindOfValue(at: start) == .object else { return ("data", .notAnObject) }
        let base = places.count
        let entries = self.entries
        let fields = entries.span
        for _ in fields.indices { places.append(0) }
        var next = 0
        var missing = required
        var scan = CanonicalScan(bytes, at: start)
        while let value = nextValue(&scan, fields, &next) {
            guard fields[next].kind == nil || bytes.kindOfValue(at: value) == fields[next].kind else {
                return (fields[next].name, .wrongKind)
            }
            places[base + next] = UInt32(truncatingIfNeeded: value + shift)
            if fields[next].isRequired { missing -= 1 }
            next += 1
        }
        guard scan.isWhole else { return ("data", .notAnObject) }
        guard missing > 0 else { return nil }
        let field = fields.indices.first { fields[$0].isRequired && places[base + $0] == 0 }
        return (field.map { fields[$0].name } ?? "data", .missing)
    }

    /// Goes on to the next member that is a field and to that field, `next` or behind it. Returns where its value
    /// begins; `nil` behind the last member.
    @inline(__always)
    private func nextValue(_ scan: inout CanonicalScan, _ fields: Span<Entry>, _ next: inout Int) -> Int? {
        while true {
            let head = scan.nextHead
            while next < fields.count, fields[next].member.isBefore(head) { next += 1 }
            if next < fields.count, let value = scan.nextValue(named: fields[next].member) { return value }
            // No field's name, or another field's that begins alike.
            guard let member = scan.nextMember() else { return nil }
            let name = scan.bytes.extracting(member.name)
            while next < fields.count, fields[next].name.utf8.span.isBefore(name) { next += 1 }
            if next < fields.count, fields[next].name.utf8.span.isEqual(to: name) { return member.value }
        }
    }
}

extension Span<UInt8> {
    /// Whether a name stands before another in canonical order; one with an escape is no field's name.
    fileprivate func isBefore(_ other: Span<UInt8>) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }
}
