import ProjectionRuntime

/// What has to be remembered of an order so that it can be taken back.
struct OrderRow: Hashable, Sendable, RowValue {
    /// The account that ordered.
    var account: String
    /// The UTC day on which it counts, in days since 1970-01-01.
    var day: Int64
    /// Its total.
    var money: Money
    /// Whether the whole order was cancelled and counts no more.
    var isCancelled = false

    init(account: String, day: Int64, money: Money) {
        self.account = account
        self.day = day
        self.money = money
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        account = try decoder.text()
        day = try decoder.integer()
        money = Money(currency: try decoder.text(), amount: try decoder.integer())
        isCancelled = try decoder.boolean()
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(account)
        encoder.integer(day)
        encoder.text(money.currency)
        encoder.integer(money.amount)
        encoder.boolean(isCancelled)
    }
}

/// A fingerprint of everything that the other tables hold: the key under which a fitted model is remembered.
///
/// A position would not do. It grows with events that concern no order, and two logs in one process share positions.
struct ContentRow: Hashable, Sendable, RowValue {
    /// The key of the only row.
    static let key = "all"

    /// Orders placed and cancelled, in all.
    var changeCount: Int64 = 0
    /// FNV-1a of 64 bits over the changes in their order (draft-eastlake-fnv), as a bit pattern.
    var digest = Int64(bitPattern: 0xcbf2_9ce4_8422_2325)

    init() {}

    init(from decoder: inout RowDecoder) throws(RowError) {
        changeCount = try decoder.integer()
        digest = try decoder.integer()
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(changeCount)
        encoder.integer(digest)
    }

    /// Takes a changed order into account.
    mutating func mix(_ row: OrderRow, id: String) {
        changeCount += 1
        var hash = UInt64(bitPattern: digest)
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for text in [id, row.account, row.money.currency] {
            text.utf8.forEach(mix)
            mix(0xFF)
        }
        for number in [row.day, row.money.amount, row.isCancelled ? 1 : 0] {
            for shift in stride(from: Int64(0), to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        digest = Int64(bitPattern: hash)
    }
}
