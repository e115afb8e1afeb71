/// What the parser remembers of the names of one open object.
///
/// Whether they ascend, which alone rules out that one stands there twice; if they do not, whether any two may
/// be equal. Equal names set the same bit in each of two sets of 64, and few others do: only then the object
/// is looked at again when it closes.
struct SeenNames {
    private(set) var count = 0
    private(set) var areSorted = true
    private(set) var mayRepeat = false
    private var previous = TapeEntry(.text, start: 0, end: 0, next: 0, isCanonical: false, isIrregular: false)
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// Takes down a name.
    @inline(__always)
    mutating func note(_ entry: TapeEntry, in bytes: Span<UInt8>) {
        if areSorted && count > 0 { areSorted = NameOrder.compare(previous, entry, in: bytes) < 0 }
        previous = entry
        count += 1
        let (start, byteCount) = (Int(entry.start) + 1, Int(entry.end - entry.start) - 2)
        // Any mixing would do: a repetition that the sets miss is impossible, one too many costs time only.
        let ending = byteCount > 8 ? bytes.word(at: start + byteCount - 8) : 0
        let word = bytes.word(at: start, byteCount: byteCount)
        let mixed = (word ^ ending &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(byteCount)) &* 0xBF58_476D_1CE4_E5B9
        let (one, other): (UInt64, UInt64) = (1 << (mixed >> 58), 1 << (mixed >> 52 & 63))
        mayRepeat = mayRepeat || entry.isIrregular || first & one != 0 && second & other != 0
        first |= one
        second |= other
    }
}
