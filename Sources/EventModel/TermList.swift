/// Index terms of one event as bytes, one behind the other: a list that is filled again for every event without new
/// memory.
public struct TermList: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// A list without terms.
    public init() {}

    /// Number of terms.
    public var count: Int { ends.count }

    /// Lends the UTF-8 bytes of each term, such as `account:42`, in the order of insertion.
    public func forEach(_ body: (Span<UInt8>) -> Void) {
        var start = 0
        for end in ends {
            body(bytes.span.extracting(start..<end))
            start = end
        }
    }

    /// The terms as texts.
    public var texts: [String] {
        var texts: [String] = []
        var start = 0
        for end in ends {
            texts.append(String(decoding: bytes[start..<end], as: UTF8.self))
            start = end
        }
        return texts
    }

    /// Forgets the terms and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Appends the term `<namespace>:<id>`, unless the list holds it already.
    public mutating func insert(_ namespace: Span<UInt8>, _ id: Span<UInt8>) {
        let start = bytes.count
        bytes.append(addingCapacity: namespace.count + 1 + id.count) { output in
            for place in namespace.indices { output.append(namespace[place]) }
            output.append(UInt8(ascii: ":"))
            for place in id.indices { output.append(id[place]) }
        }
        keepNew(from: start)
    }

    /// Appends a term, unless the list holds it already.
    public mutating func insert(_ term: String) {
        let start = bytes.count
        bytes.append(contentsOf: term.utf8)
        keepNew(from: start)
    }

    private mutating func keepNew(from start: Int) {
        let end = bytes.count
        for place in 0..<count where isSame(place, as: start..<end) {
            bytes.removeSubrange(start..<end)
            return
        }
        ends.append(end)
    }

    private func isSame(_ place: Int, as range: Range<Int>) -> Bool {
        let start = place == 0 ? 0 : ends[place - 1]
        guard ends[place] - start == range.count else { return false }
        for offset in 0..<range.count where bytes[start + offset] != bytes[range.lowerBound + offset] { return false }
        return true
    }
}
