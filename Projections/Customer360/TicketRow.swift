import CRMEvents
import ProjectionRuntime

/// One ticket, as its party's figures need it.
struct TicketRow: RowValue, Equatable {
    enum State: UInt8, Sendable { case unseen, open, done }

    var state = State.unseen
    var isComplaint = false
    /// The civil day on which it was opened, from 1970-01-01.
    var openedDay: Int32 = 0

    init() {}

    /// Takes one step. A ticket is open in new, open, pending and on_hold.
    mutating func take(_ event: TicketEvent, on day: Int32) {
        switch event {
        case .opened(let opened):
            state = .open
            isComplaint = opened.kind == "complaint"
            openedDay = day
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
        encoder.integer(Int64(openedDay))
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        guard let code = UInt8(exactly: try decoder.integer()), let state = State(rawValue: code) else {
            throw damagedRow()
        }
        self.state = state
        isComplaint = try decoder.boolean()
        openedDay = Int32(clamping: try decoder.integer())
    }
}
