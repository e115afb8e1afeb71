import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// One contract.
struct ContractRow: RowValue, Equatable {
    /// Empty until it was drafted.
    var kind = ""
    /// From when to when it binds; what was told for a day to come waits for it.
    var term = ContractTerm()

    init() {}

    /// Takes one step. A contract is drafted, activated and ended once: who says so again changes nothing.
    mutating func take(_ event: ContractEvent) {
        switch event {
        case .drafted(let draft):
            guard kind.isEmpty else { return }
            kind = draft.kind
            term.endDay = draft.endDate.flatMap(civilDay)
            term.noticeDays = draft.noticeDays
            term.renewsItself = draft.autoRenew
        case .activated(let activation): term.activeDay = term.activeDay ?? civilDay(activation.effectiveDate)
        case .amended(let amendment):
            for change in amendment.changes {
                switch change.field {
                case "end_date": term.endDay = change.new.text.flatMap(civilDay)
                case "notice_days": term.noticeDays = change.new.integer
                case "auto_renew": term.renewsItself = change.new.boolean ?? false
                default: break
                }
            }
        case .renewed(let renewal): term.endDay = civilDay(renewal.newEndDate)
        case .ended(let end): term.endedDay = term.endedDay ?? civilDay(end.effectiveDate)
        case .sentForSignature, .signed: break
        }
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(kind)
        encoder.optionalInteger(term.activeDay.map(Int64.init))
        encoder.optionalInteger(term.endedDay.map(Int64.init))
        encoder.optionalInteger(term.endDay.map(Int64.init))
        encoder.optionalInteger(term.noticeDays)
        encoder.boolean(term.renewsItself)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        kind = try decoder.text()
        term.activeDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        term.endedDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        term.endDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        term.noticeDays = try decoder.optionalInteger()
        term.renewsItself = try decoder.boolean()
    }
}

/// Days since 1970-01-01 of a civil date; `nil` if it is none.
func civilDay(_ text: String) -> Int32? { CivilDay(text).map { Int32(clamping: $0.daysSinceEpoch) } }

extension JSON {
    /// A civil date, `null` for none.
    static func day(_ day: Int32?) -> JSON {
        day.map { .text(CivilDay(daysSinceEpoch: Int($0)).description) } ?? .null
    }
}
