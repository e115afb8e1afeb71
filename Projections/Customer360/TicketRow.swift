import CRMEvents
import ProjectionRuntime

/// One ticket, as its party's figures need it.
struct TicketRow: RowValue, Equatable {
    enum State: UInt8, Sendable { case unseen, open, done }

    var state = State.unseen
    var isComplaint = false
    /// When it was opened; milliseconds since 1970.
    var openedAt: Int64 = 0
    private var isOpened = false

    init() {}

    /// Takes one step. A ticket is open in new, open, pending and on_hold. It is opened once: who says so again changes
    /// nothing.
    mutating func take(_ event: TicketEvent, at time: Int64) {
        switch event {
        case .opened(let opened):
            guard !isOpened else { return }
            isOpened = true
            state = .open
            isComplaint = opened.kind == "complaint"
            openedAt = time
        case .classified(let change): if let kind = change.kind { isComplaint = kind == "complaint" }
        case .statusChanged(let change):
            state = change.to == "solved" || change.to == "closed" ? .done : .open
        case .resolved: state = .done
        case .reopened: state = .open
        default: break
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.integer(Int64(state.rawValue))
        encoder.boolean(isComplaint)
        encoder.integer(openedAt)
        encoder.boolean(isOpened)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        guard let code = UInt8(exactly: try decoder.integer()), let state = State(rawValue: code) else {
            throw damagedRow()
        }
        self.state = state
        isComplaint = try decoder.boolean()
        openedAt = try decoder.integer()
        isOpened = try decoder.boolean()
    }
}
