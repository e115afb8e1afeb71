/// A fixed list of names or words, each found in one step by its bytes.
///
/// A table with open addressing (Knuth, "The Art of Computer Programming", volume 3, section 6.4), at most a
/// quarter full, keyed by length and by the first and the last eight bytes. Up to 16 bytes that is the whole
/// name. The list is fixed when the program is written, so nobody can send names that collide.
public final class JSONNames: Sendable {
    @usableFromInline
    struct Slot: Sendable {
        @usableFromInline var key: Key
        /// Place in the list; −1 in an empty slot.
        @usableFromInline var index: Int
    }

    @usableFromInline
    struct Key: Equatable, Sendable {
        @usableFromInline var first: UInt64
        @usableFromInline var last: UInt64
        @usableFromInline var byteCount: Int

        @inlinable
        @inline(__always)
        init(_ bytes: Span<UInt8>, at start: Int, byteCount: Int) {
            first = bytes.word(at: start, byteCount: byteCount)
            last = byteCount > 8 ? bytes.word(at: start + byteCount - 8) : 0
            self.byteCount = byteCount
        }

        @inlinable
        var hash: Int {
            let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(byteCount)) &* 0xBF58_476D_1CE4_E5B9
            return Int(truncatingIfNeeded: mixed >> 32)
        }
    }

    /// The list. A name that stands there twice is found at its first place.
    public let names: [String]
    @usableFromInline let slots: [Slot]

    /// A table of names.
    public init(_ names: [String]) {
        self.names = names
        var slotCount = 4
        while slotCount < names.count * 4 { slotCount *= 2 }
        let none: [UInt8] = []
        var slots = [Slot](repeating: Slot(key: Key(none.span, at: 0, byteCount: 0), index: -1), count: slotCount)
        for (index, name) in names.enumerated() where !names[..<index].contains(name) {
            let bytes = Array(name.utf8)
            let key = Key(bytes.span, at: 0, byteCount: bytes.count)
            var slot = key.hash & (slotCount - 1)
            while slots[slot].index >= 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = Slot(key: key, index: index)
        }
        self.slots = slots
    }

    /// Place of a text in the list, escapes resolved; `nil` for another text, and for no text.
    @inlinable
    public func index(of text: borrowing JSONCursor) -> Int? {
        let entry = text.entry
        guard entry.kind == .text else { return nil }
        guard !entry.isIrregular else {
            let unescaped = text.unescapedBytes
            return index(of: unescaped.span, at: 0, byteCount: unescaped.count)
        }
        return index(of: text.bytes, at: Int(entry.start) + 1, byteCount: Int(entry.end - entry.start) - 2)
    }

    /// Place of a text in the list.
    public func index(of text: String) -> Int? {
        let bytes = text.utf8.span
        return index(of: bytes, at: 0, byteCount: bytes.count)
    }

    /// Place of a text, given as its UTF-8 bytes, in the list.
    public func index(of text: Span<UInt8>) -> Int? { index(of: text, at: 0, byteCount: text.count) }

    @inlinable
    func index(of bytes: Span<UInt8>, at start: Int, byteCount: Int) -> Int? {
        let key = Key(bytes, at: start, byteCount: byteCount)
        var place = key.hash & (slots.count - 1)
        while true {
            let slot = slots[place]
            guard slot.index >= 0 else { return nil }
            if slot.key == key, byteCount <= 16 || isName(slot.index, bytes, at: start) { return slot.index }
            place = (place + 1) & (slots.count - 1)
        }
    }

    /// Compares what the key leaves out of a long name.
    @usableFromInline
    func isName(_ index: Int, _ bytes: Span<UInt8>, at start: Int) -> Bool {
        let name = names[index].utf8.span
        return name.isEqual(to: bytes.extracting(start..<start + name.count))
    }
}
