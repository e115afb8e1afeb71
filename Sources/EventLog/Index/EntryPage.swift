/// The entries of one block, spread out: what a merge and an audit go through.
struct EntryPage {
    /// How many entries there are; the arrays may be longer.
    private(set) var count = 0
    private var keys: [UInt64] = []
    private var firsts: [UInt64] = []
    /// Where the distances of an entry end in `bytes`; they begin where those of the entry before end.
    private var ends: [Int] = []
    /// The distances of all entries.
    private var bytes: [UInt8] = []
    /// The position behind every one of the segment.
    private let end: UInt64

    init(end: UInt64) { self.end = end }

    func key(_ place: Int) -> UInt64 { keys[place] }
    func first(_ place: Int) -> UInt64 { firsts[place] }
    func distances(_ place: Int) -> Range<Int> { (place == 0 ? 0 : ends[place - 1])..<ends[place] }

    /// Adds an entry as it is to a segment.
    func copy(_ place: Int, to writer: inout SegmentWriter) throws(IndexError) {
        try writer.add(keys[place], firsts[place], distances: bytes.span.extracting(distances(place)))
    }

    mutating func removeAll() { count = 0 }

    /// Takes in the entries of a block.
    mutating func read(_ block: Span<UInt8>, _ start: EntryReader) throws(IndexError) {
        count = 0
        if keys.count < block.count {
            keys = [UInt64](repeating: 0, count: block.count)
            (firsts, ends) = (keys, [Int](repeating: 0, count: block.count))
            bytes = [UInt8](repeating: 0, count: block.count)
        }
        var reader = start
        var byteCount = 0
        while try reader.next(in: block) {
            keys[count] = reader.key
            firsts[count] = try reader.firstPosition(in: block)
            for place in reader.distances {
                bytes[byteCount] = block[place]
                byteCount += 1
            }
            ends[count] = byteCount
            count += 1
        }
    }

    /// Hands out the positions of an entry, ascending.
    func forEachPosition(
        of place: Int, _ body: (UInt64) throws(IndexError) -> Void
    ) throws(IndexError) {
        var position = firsts[place]
        try body(position)
        let range = distances(place)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let distance = try EntryReader.leb(in: bytes.span, &offset)
            guard distance > 0, distance < end - position else { throw EntryReader.outOfForm }
            position += distance
            try body(position)
        }
    }
}
