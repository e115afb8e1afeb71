import CRMEvents
import ProjectionRuntime

/// One subscription, its money per month in minor units. Times are milliseconds since 1970.
struct SubscriptionRow: RowValue, Equatable {
    /// A price that holds from a moment on.
    struct Price: Equatable, Sendable {
        let time: Int64
        let mrr: Int64
    }

    /// In Stripe's words.
    var status = ""
    var currency = CurrencySums.noCurrency
    /// In the order in which they were told: of two from one moment on, the later one holds.
    private(set) var prices: [Price] = []

    init() {}

    mutating func take(_ event: SubscriptionEvent, at time: Int64) {
        switch event {
        case .started(let start):
            // It starts once: who says so again changes nothing.
            guard currency == CurrencySums.noCurrency else { return }
            status = start.trialEnd == nil ? "active" : "trialing"
            currency = start.currency
            prices = [Price(time: time, mrr: start.mrr)]
        case .changed(let change):
            // What holds from now on and was told last covers everything that was told before for earlier moments.
            prices.removeAll { $0.time >= change.effectiveAt }
            prices.append(Price(time: change.effectiveAt, mrr: change.newMrr))
            while prices.count > 1, prices[1].time <= time { prices.removeFirst() }
        case .statusChanged(let change): status = change.to
        }
    }

    /// What it brings in per month at a moment: nothing during a trial or a pause, and nothing once it is over.
    func mrr(at time: Int64) -> Int64 {
        guard status == "active" || status == "past_due" else { return 0 }
        return prices.last { $0.time <= time }?.mrr ?? 0
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(status)
        encoder.text(currency)
        encoder.list(prices) { encoder, price in
            encoder.integer(price.time)
            encoder.integer(price.mrr)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        status = try decoder.text()
        currency = try decoder.text()
        prices = try decoder.list { (decoder: inout RowDecoder) throws(RowError) -> Price in
            Price(time: try decoder.integer(), mrr: try decoder.integer())
        }
    }
}
