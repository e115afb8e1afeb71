/// Which order, invoice or ticket a fact is about: 55 bits of a hash of its id (FNV-1a, draft-eastlake-fnv).
///
/// Refs are compared only among the facts of one customer, where even a hundred thousand orders have two alike with a
/// probability of one in ten million; in return a fact is a few bytes, and no table of orders is needed.
struct Ref: Hashable, Sendable {
    /// From 0 to 2^55 − 1, so that its row form has at most 8 bytes.
    let number: Int64

    init(_ id: some StringProtocol) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        number = Int64(hash >> 9)
    }

    init(number: Int64) { self.number = number }
}

/// An ISO 4217 code in four bytes.
struct CurrencyCode: Hashable, Comparable, Sendable {
    /// The letters, the first in the highest byte.
    let number: UInt32

    /// A code; of a longer text, which the catalog refuses, only the first four bytes are kept.
    init(_ text: String) { number = text.utf8.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }

    init(number: UInt32) { self.number = number }

    var text: String {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }.filter { $0 > 0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func < (left: CurrencyCode, right: CurrencyCode) -> Bool { left.number < right.number }
}

/// An amount in minor units of its currency.
struct Money: Hashable, Sendable {
    var currency: CurrencyCode
    var amount: Int64
}
