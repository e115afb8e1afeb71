/// The upper 36 bits of an index key: what tails and segments hold.
///
/// In a log of ten million events, one look-up of an absent key in 6,000 finds another's position, and costs
/// the read of one record; four bits more would cost a byte per key.
struct ShortKey: Hashable, Comparable, Sendable {
    static let bitCount: UInt64 = 36

    let number: UInt64

    init(_ key: UInt64) { number = key >> (64 - Self.bitCount) }
    init(number: UInt64) { self.number = number }

    /// The key of a tail's entry.
    init(of entry: UInt64) { self.init(entry) }

    /// The key and an offset below 2^28 in one number, which sorts by key and then by offset.
    func entry(_ offset: UInt64) -> UInt64 { number << (64 - Self.bitCount) | offset }

    /// The offset of a tail's entry.
    static func offset(of entry: UInt64) -> UInt64 { entry & (1 << (64 - bitCount) - 1) }

    static func < (left: ShortKey, right: ShortKey) -> Bool { left.number < right.number }
}

/// A stable sort by the upper 40 bits, which hold a short key: first into 256 parts by the upper eight bits,
/// then each part, which fits the processor's first cache, by the others (radix sort, Knuth TAOCP 5.2.5).
enum RadixSort {
    private static let lowestShift: UInt64 = 24
    private static let highestShift: UInt64 = 56

    /// The numbers in the order of their upper 40 bits; equal ones keep theirs.
    static func sortedByKey(_ numbers: [UInt64]) -> [UInt64] {
        var sorted = [UInt64](repeating: 0, count: numbers.count)
        var spare = sorted
        var result = sorted.mutableSpan
        var scratch = spare.mutableSpan
        let ends = scatter(numbers.span, to: &result, at: 0, by: highestShift)
        var start = 0
        for place in ends.indices {
            let end = ends[place]
            if end - start > 1 {
                // Four passes, so that the part ends where it began.
                for shift in stride(from: lowestShift, to: highestShift, by: 16) {
                    _ = scatter(result.span.extracting(start..<end), to: &scratch, at: start, by: shift)
                    _ = scatter(scratch.span.extracting(start..<end), to: &result, at: start, by: shift + 8)
                }
            }
            start = end
        }
        return sorted
    }

    /// Moves numbers to places from `start` on in the order of one digit. Returns where each digit ends.
    private static func scatter(
        _ numbers: Span<UInt64>, to target: inout MutableSpan<UInt64>, at start: Int, by shift: UInt64
    ) -> [256 of Int] {
        var places = [256 of Int](repeating: 0)
        for place in numbers.indices { places[Int(numbers[place] >> shift & 0xFF)] += 1 }
        var sum = start
        for digit in places.indices {
            let count = places[digit]
            places[digit] = sum
            sum += count
        }
        for place in numbers.indices {
            let number = numbers[place]
            let digit = Int(number >> shift & 0xFF)
            target[places[digit]] = number
            places[digit] += 1
        }
        return places
    }
}
