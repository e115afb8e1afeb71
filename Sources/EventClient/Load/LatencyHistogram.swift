/// Counts of times in nanoseconds, in buckets whose width grows with the value: every time is kept with an error of
/// at most 1/128, in 60 KB whatever their number.
///
/// The layout is that of HdrHistogram (Tene): the seven bits behind the leading one choose the bucket.
public struct LatencyHistogram: Sendable {
    private static let fractionBitCount = 7
    private static let fractionCount = 1 << fractionBitCount

    private var counts = [UInt64](repeating: 0, count: (64 - fractionBitCount + 1) * fractionCount)
    /// Times that were added.
    public private(set) var count: UInt64 = 0
    /// The longest of them, exactly; 0 without any.
    public private(set) var max: UInt64 = 0

    /// A histogram of nothing.
    public init() {}

    /// Adds one time.
    public mutating func add(_ nanoseconds: UInt64) {
        counts[Self.bucket(of: nanoseconds)] += 1
        count += 1
        max = Swift.max(max, nanoseconds)
    }

    /// Adds every time of another histogram.
    public mutating func add(_ other: LatencyHistogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        count += other.count
        max = Swift.max(max, other.max)
    }

    /// The time that this share of all times does not exceed, by nearest rank: the upper end of its bucket, and never
    /// more than the maximum; 0 without any time.
    ///
    /// - Parameter share: From 0 to 1, such as 0.99.
    public func time(atShare share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let rank = Swift.max(1, UInt64((share * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return min(Self.upperEnd(of: bucket), max) }
        }
        return max
    }

    private static func bucket(of value: UInt64) -> Int {
        guard value >= UInt64(fractionCount) else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - fractionBitCount
        return shift * fractionCount + Int(value >> UInt64(shift))
    }

    private static func upperEnd(of bucket: Int) -> UInt64 {
        guard bucket >= 2 * fractionCount else { return UInt64(bucket) }
        let shift = bucket / fractionCount - 1
        let lower = UInt64(bucket - shift * fractionCount) << UInt64(shift)
        return lower + ((1 << UInt64(shift)) - 1)
    }
}
