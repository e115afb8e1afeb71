/// When a contract binds, and until when notice can be given: one definition for every read model.
///
/// A contract is in force from its first activation until it was ended. One whose end has passed is over, whether or
/// not somebody wrote that down, unless it renews itself: then it goes on although nobody told the new end. Whoever
/// gives no days of notice can act until the end itself. Days are counted from 1970-01-01.
public struct ContractTerm: Equatable, Sendable {
    /// From which day it is in force; `nil` before it was activated.
    public var activeDay: Int32?
    /// From which day it is in force no more; `nil` while nobody ended it.
    public var endedDay: Int32?
    /// Its last day; `nil` for a contract without an end.
    public var endDay: Int32?
    /// Days before the end by which notice must be given; `nil` counts as none.
    public var noticeDays: Int64?
    /// Whether it goes on past its end by itself.
    public var renewsItself = false

    /// A contract of which nothing is known.
    public init() {}

    /// Whether it is in force on a day; what was told for a day to come waits for it.
    public func isInForce(on day: Int32) -> Bool {
        guard let activeDay, activeDay <= day, endedDay.map({ day < $0 }) ?? true else { return false }
        return renewsItself || endDay.map { day <= $0 } ?? true
    }

    /// The last day on which notice can be given; only a contract that ends needs one.
    public var noticeDeadline: Int32? {
        endDay.map { Int32(clamping: Int64($0) - Int64(Int32(clamping: noticeDays ?? 0))) }
    }
}
