import ProjectionRuntime

/// What one customer paid on an invoice that is not its own: a parent pays for its subsidiary.
///
/// Keyed by the invoice, so that its owner finds it, and written by the payer alone.
struct SettlementKey: RowKey {
    let invoice: String
    let payer: PartyKey

    init(_ invoice: String, _ payer: PartyKey) {
        self.invoice = invoice
        self.payer = payer
    }

    func hash(into hasher: inout Hasher) { hasher.combine(invoice) }

    func encode(to encoder: inout KeyEncoder) {
        encoder.text(invoice)
        payer.encode(to: &encoder)
    }

    init(from decoder: inout KeyDecoder) throws(RowError) {
        invoice = try decoder.text()
        payer = try PartyKey(from: &decoder)
    }
}

/// One payment, as far as later steps need it.
struct PaymentRow: RowValue, Equatable {
    /// It is received once: who says so again brings no more money.
    var isReceived = false
    var currency = CurrencySums.noCurrency
    /// Whether it came as a prepayment or a deposit.
    var isPrepayment = false
    /// The day from which the money counts, from 1970-01-01.
    var valueDay: Int32 = 0

    init() {}

    func encode(to encoder: inout RowEncoder) {
        encoder.boolean(isReceived)
        encoder.text(currency)
        encoder.boolean(isPrepayment)
        encoder.integer(Int64(valueDay))
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        isReceived = try decoder.boolean()
        currency = try decoder.text()
        isPrepayment = try decoder.boolean()
        valueDay = Int32(clamping: try decoder.integer())
    }
}
