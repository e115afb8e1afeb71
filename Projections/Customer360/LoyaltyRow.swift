import CRMEvents
import ProjectionRuntime

/// The points of one membership, by lot (READ_MODELS.md section 9).
///
/// A lot may go below 0: what was reversed after it had been spent is owed, and new points repay it.
struct LoyaltyRow: RowValue, Equatable {
    struct Lot: Equatable, Sendable {
        let entry: String
        var remaining: Int64
        /// The last day on which the points can be spent, from 1970-01-01; `nil` for always.
        let lastDay: Int32?
    }

    var tier: String?
    /// In the order in which they were earned.
    private(set) var lots: [Lot] = []

    init() {}

    mutating func take(_ event: LoyaltyEvent, on day: Int32) {
        switch event {
        case .enrolled(let enrolment): tier = enrolment.tier
        case .tierChanged(let change): tier = change.to
        case .pointsEarned(let earned):
            if let reversed = earned.reversesEntryID {
                take(-earned.points, from: reversed)
            } else {
                lots.append(
                    Lot(
                        entry: earned.entryID, remaining: repay(with: earned.points),
                        lastDay: earned.expiresOn.flatMap(civilDay)))
            }
        case .pointsRedeemed(let redeemed):
            var rest = redeemed.points
            for lot in redeemed.lots {
                take(lot.points ?? 0, from: lot.entryID ?? "")
                rest &-= lot.points ?? 0
            }
            consume(rest, on: day)
        case .pointsExpired(let expired): for lot in expired.lots { take(lot.points ?? 0, from: lot.entryID ?? "") }
        }
        lots.removeAll { $0.remaining == 0 }
    }

    /// Repays what is owed, the oldest debt first. Returns what is left of the points.
    private mutating func repay(with points: Int64) -> Int64 {
        var left = points
        for index in lots.indices where left > 0 && lots[index].remaining < 0 {
            let part = min(left, 0 &- lots[index].remaining)
            lots[index].remaining &+= part
            left &-= part
        }
        return left
    }

    /// Takes points from a lot; from one that is used up, or that nobody saw, they are owed.
    private mutating func take(_ points: Int64, from entry: String) {
        if let index = lots.firstIndex(where: { $0.entry == entry }) {
            lots[index].remaining &-= points
        } else if points != 0 {
            lots.append(Lot(entry: entry, remaining: 0 &- points, lastDay: nil))
        }
    }

    /// Takes points from the lots that expire first, then from the oldest.
    private mutating func consume(_ points: Int64, on day: Int32) {
        var rest = points
        let order = lots.indices.sorted { left, right in
            let (first, second) = (lots[left].lastDay ?? .max, lots[right].lastDay ?? .max)
            return first == second ? left < right : first < second
        }
        for index in order where rest > 0 && lots[index].remaining > 0 && day <= lots[index].lastDay ?? .max {
            let part = min(rest, lots[index].remaining)
            lots[index].remaining &-= part
            rest &-= part
        }
        if rest > 0 { lots.append(Lot(entry: "", remaining: 0 &- rest, lastDay: nil)) }
    }

    /// What can be spent on a day, less what is owed. Expiry follows from the day alone, whether or not somebody wrote
    /// it down.
    func balance(on day: Int32) -> Int64 {
        lots.reduce(0) { sum, lot in
            let isExpired = lot.remaining > 0 && day > lot.lastDay ?? .max
            return isExpired ? sum : sum &+ lot.remaining
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.optionalText(tier)
        encoder.list(lots) { encoder, lot in
            encoder.text(lot.entry)
            encoder.integer(lot.remaining)
            encoder.optionalInteger(lot.lastDay.map(Int64.init))
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        tier = try decoder.optionalText()
        lots = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Lot in
            Lot(
                entry: try decoder.text(), remaining: try decoder.integer(),
                lastDay: try decoder.optionalInteger().map { Int32(clamping: $0) })
        }
    }
}
