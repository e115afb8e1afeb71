import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// One contract. Days are counted from 1970-01-01.
struct ContractRow: RowValue, Equatable {
    var kind = ""
    /// From which day it is in force, and from which no more; what was told for a day to come waits for it.
    var activeDay: Int32?
    var endedDay: Int32?
    var startDay: Int32?
    /// `nil` for a contract without an end.
    var endDay: Int32?
    /// Days before the end by which notice must be given.
    var noticeDays: Int64?
    var renewsItself = false

    init() {}

    mutating func take(_ event: ContractEvent) {
        switch event {
        case .drafted(let draft):
            kind = draft.kind
            startDay = civilDay(draft.startDate)
            endDay = draft.endDate.flatMap(civilDay)
            noticeDays = draft.noticeDays
            renewsItself = draft.autoRenew
        case .activated(let activation):
            activeDay = civilDay(activation.effectiveDate)
            endedDay = nil
        case .amended(let amendment):
            for change in amendment.changes {
                switch change.field {
                case "start_date": startDay = change.new.text.flatMap(civilDay)
                case "end_date": endDay = change.new.text.flatMap(civilDay)
                case "notice_days": noticeDays = change.new.integer
                case "auto_renew": renewsItself = change.new.boolean ?? false
                default: break
                }
            }
        case .renewed(let renewal): endDay = civilDay(renewal.newEndDate)
        case .ended(let end): endedDay = civilDay(end.effectiveDate)
        case .sentForSignature, .signed: break
        }
    }

    /// Whether it is in force on a day. One that is over counts no more, whether or not somebody wrote that down.
    func isActive(on day: Int32) -> Bool {
        guard let activeDay, activeDay <= day else { return false }
        return endedDay.map { day < $0 } ?? true && endDay.map { day <= $0 } ?? true
    }

    /// The last day on which notice can be given; only a contract that ends needs one.
    var noticeDeadline: Int32? {
        guard let endDay, let noticeDays else { return nil }
        return Int32(clamping: Int64(endDay) &- noticeDays)
    }

    func encode(to encoder: inout RowEncoder) {
        encoder.text(kind)
        encoder.optionalInteger(activeDay.map(Int64.init))
        encoder.optionalInteger(endedDay.map(Int64.init))
        encoder.optionalInteger(startDay.map(Int64.init))
        encoder.optionalInteger(endDay.map(Int64.init))
        encoder.optionalInteger(noticeDays)
        encoder.boolean(renewsItself)
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        kind = try decoder.text()
        activeDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        endedDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        startDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        endDay = try decoder.optionalInteger().map { Int32(clamping: $0) }
        noticeDays = try decoder.optionalInteger()
        renewsItself = try decoder.boolean()
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
