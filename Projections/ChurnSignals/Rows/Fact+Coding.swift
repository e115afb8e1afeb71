import ProjectionRuntime

/// A fact in a row: position and time as differences to the fact before, a number for its kind, then its integers.
extension [Fact] {
    func encode(to encoder: inout RowEncoder) {
        var (position, time): (UInt64, Int64) = (0, 0)
        encoder.integer(Int64(count))
        for fact in self {
            encoder.integer(Int64(bitPattern: fact.position &- position))
            encoder.integer(fact.time &- time)
            fact.what.encode(to: &encoder)
            (position, time) = (fact.position, fact.time)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        var (position, time): (UInt64, Int64) = (0, 0)
        self = try decoder.list { decoder throws(RowError) in
            position = position &+ UInt64(bitPattern: try decoder.integer())
            time = time &+ (try decoder.integer())
            return Fact(position: position, time: time, what: try Fact.What(from: &decoder))
        }
    }
}

extension Fact.What {
    /// The number of the kind, how many integers follow, and these; the rest is 0.
    fileprivate typealias Numbers = (kind: Int64, count: Int, a: Int64, b: Int64, c: Int64, d: Int64, e: Int64)

    func encode(to encoder: inout RowEncoder) {
        let numbers = self.numbers
        encoder.integer(numbers.kind)
        if numbers.count > 0 { encoder.integer(numbers.a) }
        if numbers.count > 1 { encoder.integer(numbers.b) }
        if numbers.count > 2 { encoder.integer(numbers.c) }
        if numbers.count > 3 { encoder.integer(numbers.d) }
        if numbers.count > 4 { encoder.integer(numbers.e) }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        let kind = try decoder.integer()
        guard kind >= 0, kind < Int64(Self.counts.count) else { throw RowError(expected: "fact", offset: 0) }
        let count = Self.counts[Int(kind)]
        var numbers: Numbers = (kind, count, 0, 0, 0, 0, 0)
        if count > 0 { numbers.a = try decoder.integer() }
        if count > 1 { numbers.b = try decoder.integer() }
        if count > 2 { numbers.c = try decoder.integer() }
        if count > 3 { numbers.d = try decoder.integer() }
        if count > 4 { numbers.e = try decoder.integer() }
        guard let what = Self(numbers) else { throw RowError(expected: "fact", offset: 0) }
        self = what
    }

    /// Integers of each kind, by its number.
    private static let counts = [3, 1, 2, 4, 2, 2, 3, 2, 2, 1, 3, 5, 0, 0, 4, 4, 4, 2, 2, 2, 1, 2, 1, 0, 0, 2, 1]

    fileprivate var numbers: Numbers {
        switch self {
        case .ordered(let ref, let money): (0, 3, ref.number, money.amount, Int64(money.currency.number), 0, 0)
        case .orderCancelled(let ref): (1, 1, ref.number, 0, 0, 0, 0)
        case .orderReturned(let ref, let refund): (2, 2, ref.number, refund, 0, 0, 0)
        case .invoiced(let ref, let money, let due):
            (3, 4, ref.number, money.amount, Int64(money.currency.number), Int64(due), 0)
        case .invoiceAdjusted(let ref, let amount): (4, 2, ref.number, amount, 0, 0, 0)
        case .paid(let ref, let day): (5, 2, ref.number, Int64(day), 0, 0, 0)
        case .allocated(let payment, let invoice, let amount): (6, 3, payment.number, invoice.number, amount, 0, 0)
        case .ticketOpened(let ref, let complaint): (7, 2, ref.number, complaint ? 1 : 0, 0, 0, 0)
        case .ticketClassified(let ref, let complaint): (8, 2, ref.number, complaint ? 1 : 0, 0, 0, 0)
        case .promiseEnded(let broken): (9, 1, broken ? 1 : 0, 0, 0, 0, 0)
        case .asked(let kind, let survey, let party): (10, 3, kind.rawValue, survey.number, party.number, 0, 0)
        case .answered(let kind, let survey, let party, let score, let scale):
            (11, 5, kind.rawValue, survey.number, party.number, Int64(score), Int64(scale))
        case .touched: (12, 0, 0, 0, 0, 0, 0)
        case .spoke: (13, 0, 0, 0, 0, 0, 0)
        case .used(let metric, let milli, let start, let days):
            (14, 4, metric.number, milli, Int64(start), Int64(days), 0)
        case .contractDrafted(let ref, let end, let notice, let renews):
            (15, 4, ref.number, Int64(end), Int64(notice), renews ? 1 : 0, 0)
        case .contractAmended(let ref, let end, let notice, let renews):
            (16, 4, ref.number, Self.number(end), Self.number(notice), Self.number(renews.map { $0 ? 1 : 0 }), 0)
        case .contractActivated(let ref, let day): (17, 2, ref.number, Int64(day), 0, 0, 0)
        case .contractRenewed(let ref, let end): (18, 2, ref.number, Int64(end), 0, 0, 0)
        case .contractEnded(let ref, let day): (19, 2, ref.number, Int64(day), 0, 0, 0)
        case .subscribed(let ref): (20, 1, ref.number, 0, 0, 0, 0)
        case .subscriptionBecame(let ref, let state): (21, 2, ref.number, state.rawValue, 0, 0, 0)
        case .owned(let owner): (22, 1, owner.number, 0, 0, 0, 0)
        case .bounced: (23, 0, 0, 0, 0, 0, 0)
        case .consentWithdrawn: (24, 0, 0, 0, 0, 0, 0)
        case .dealLost(let ref, let competitor): (25, 2, ref.number, competitor ? 1 : 0, 0, 0, 0)
        case .dealReopened(let ref): (26, 1, ref.number, 0, 0, 0, 0)
        }
    }

    private init?(_ numbers: Numbers) {
        let (a, b, c, d, e) = (numbers.a, numbers.b, numbers.c, numbers.d, numbers.e)
        let ref = Ref(number: a)
        switch numbers.kind {
        case 0: self = .ordered(ref, Self.money(b, c))
        case 1: self = .orderCancelled(ref)
        case 2: self = .orderReturned(ref, refund: b)
        case 3: self = .invoiced(ref, Self.money(b, c), dueDay: Self.short(d))
        case 4: self = .invoiceAdjusted(ref, amount: b)
        case 5: self = .paid(ref, valueDay: Self.short(b))
        case 6: self = .allocated(payment: ref, invoice: Ref(number: b), amount: c)
        case 7: self = .ticketOpened(ref, isComplaint: b == 1)
        case 8: self = .ticketClassified(ref, isComplaint: b == 1)
        case 9: self = .promiseEnded(isBroken: a == 1)
        case 10:
            guard let kind = Fact.Survey(rawValue: a) else { return nil }
            self = .asked(kind, Ref(number: b), party: Ref(number: c))
        case 11:
            guard let kind = Fact.Survey(rawValue: a) else { return nil }
            self = .answered(
                kind, Ref(number: b), party: Ref(number: c), score: Self.short(d), scaleMax: Self.short(e))
        case 12: self = .touched
        case 13: self = .spoke
        case 14: self = .used(metric: ref, milli: b, startDay: Self.short(c), dayCount: Self.short(d))
        case 15:
            self = .contractDrafted(
                ref, endDay: Self.short(b), noticeDays: Self.short(c), renewsItself: d == 1)
        case 16:
            self = .contractAmended(
                ref, endDay: Self.optional(b), noticeDays: Self.optional(c),
                renewsItself: Self.optional(d).map { $0 == 1 })
        case 17: self = .contractActivated(ref, day: Self.short(b))
        case 18: self = .contractRenewed(ref, endDay: Self.short(b))
        case 19: self = .contractEnded(ref, day: Self.short(b))
        case 20: self = .subscribed(ref)
        case 21:
            guard let state = Fact.Subscription(rawValue: b) else { return nil }
            self = .subscriptionBecame(ref, state)
        case 22: self = .owned(by: ref)
        case 23: self = .bounced
        case 24: self = .consentWithdrawn
        case 25: self = .dealLost(ref, toCompetitor: b == 1)
        case 26: self = .dealReopened(ref)
        default: return nil
        }
    }

    private static func money(_ amount: Int64, _ currency: Int64) -> Money {
        Money(currency: CurrencyCode(number: UInt32(truncatingIfNeeded: currency)), amount: amount)
    }

    private static func short(_ number: Int64) -> Int32 { Int32(clamping: number) }

    /// An absent integer is written as one that no day and no notice can be.
    private static func number(_ value: Int32?) -> Int64 { value.map(Int64.init) ?? .min }
    private static func optional(_ number: Int64) -> Int32? { number == .min ? nil : Int32(clamping: number) }
}

extension Fact.What {
    /// A number that differs where the content does, the same on every machine.
    var fingerprint: Int64 {
        let numbers = self.numbers
        let former = (numbers.kind &* 31 &+ numbers.a) &* 31 &+ numbers.b
        return ((former &* 31 &+ numbers.c) &* 31 &+ numbers.d) &* 31 &+ numbers.e
    }
}
