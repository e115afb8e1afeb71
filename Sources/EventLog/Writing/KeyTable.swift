/// Values by 128 bits that are hashes already: open addressing, linear probing (Knuth TAOCP 6.4), half full at most.
///
/// Nothing is hashed again and nothing is removed, which makes it several times as fast as a dictionary for what the
/// writer asks for every event. The first 64 bits are seeded at random (``TermHasher``), so nobody can prepare keys
/// that collide.
struct KeyTable<Value: BitwiseCopyable> {
    private struct Slot: BitwiseCopyable {
        var key: UInt64
        var check: UInt64
        var value: Value
    }

    private var slots: [Slot?]
    private(set) var count = 0

    /// An empty table for about so many keys.
    init(expecting keyCount: Int = 0) {
        var slotCount = 16
        while slotCount < 2 * keyCount { slotCount *= 2 }
        slots = .init(repeating: nil, count: slotCount)
    }

    subscript(key: UInt64, check: UInt64) -> Value? {
        guard let slot = slots[place(of: key, check)] else { return nil }
        return slot.value
    }

    /// Sets the value of a key.
    mutating func set(_ value: Value, _ key: UInt64, _ check: UInt64) {
        if 2 * (count + 1) > slots.count { grow() }
        let place = place(of: key, check)
        if slots[place] == nil { count += 1 }
        slots[place] = Slot(key: key, check: check, value: value)
    }

    /// Hands over everything, in no order.
    func forEach(_ body: (_ key: UInt64, _ check: UInt64, Value) -> Void) {
        for slot in slots { if let slot { body(slot.key, slot.check, slot.value) } }
    }

    /// Where a key stands, or would stand.
    private func place(of key: UInt64, _ check: UInt64) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: key) & mask
        while let slot = slots[place], slot.key != key || slot.check != check { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = slots
        slots = .init(repeating: nil, count: 2 * old.count)
        for slot in old { if let slot { slots[place(of: slot.key, slot.check)] = slot } }
    }
}
