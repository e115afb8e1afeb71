/// Finds the places of keys by their hashes: open addressing with linear probing (Knuth, "The Art of Computer
/// Programming", volume 3, section 6.4), at most half full.
///
/// A slot holds half of the hash, so that hardly any key is looked at but the one that is sought.
@usableFromInline
struct KeyPlaces: Sendable {
    /// Bytes that a place takes at least: two slots.
    @usableFromInline static var placeByteCount: Int { 2 * MemoryLayout<UInt64>.stride }

    /// The hash in the high half, the place plus one in the low one; 0 for an empty slot.
    @usableFromInline var slots: [UInt64] = []
    @usableFromInline var count = 0

    @usableFromInline init() {}

    /// The place of the key with a hash that `isKey` recognises; −1 for none.
    @inlinable
    func place(_ hash: Int, _ isKey: (Int) -> Bool) -> Int {
        guard count > 0 else { return -1 }
        let half = UInt64(UInt32(truncatingIfNeeded: hash))
        var slot = Int(half) & (slots.count - 1)
        while slots[slot] != 0 {
            let place = Int(slots[slot] & 0xFFFF_FFFF) - 1
            if slots[slot] >> 32 == half, isKey(place) { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return -1
    }

    /// Adds a place.
    ///
    /// - Precondition: no key with this hash at this place is there, and there are less than 2³² − 1 places.
    @inlinable
    mutating func insert(_ place: Int, hash: Int) {
        if count * 2 >= slots.count { grow() }
        put(UInt64(UInt32(truncatingIfNeeded: hash)) << 32 | UInt64(UInt32(place + 1)))
        count += 1
    }

    @usableFromInline
    mutating func put(_ entry: UInt64) {
        var slot = Int(entry >> 32) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    @usableFromInline
    mutating func grow() {
        let former = slots
        slots = [UInt64](repeating: 0, count: max(16, former.count * 2))
        for entry in former where entry != 0 { put(entry) }
    }
}
