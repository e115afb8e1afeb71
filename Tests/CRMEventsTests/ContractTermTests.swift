import CRMEvents
import Testing

@Suite struct `The term of a contract` {
    private func term(
        active: Int32? = 10, ended: Int32? = nil, end: Int32? = nil, notice: Int64? = nil, renews: Bool = false
    ) -> ContractTerm {
        var term = ContractTerm()
        (term.activeDay, term.endedDay, term.endDay, term.noticeDays) = (active, ended, end, notice)
        term.renewsItself = renews
        return term
    }

    @Test func `runs from its activation through its last day, and to the day before it was ended`() {
        func days(_ term: ContractTerm) -> [Int32] { (8...14).filter { term.isInForce(on: $0) } }
        #expect(days(term()) == [10, 11, 12, 13, 14])
        #expect(days(term(active: nil)) == [])
        #expect(days(term(end: 12)) == [10, 11, 12])
        #expect(days(term(ended: 12)) == [10, 11])
        #expect(days(term(end: 12, renews: true)) == [10, 11, 12, 13, 14])
        #expect(days(term(ended: 11, end: 12, renews: true)) == [10])
    }

    @Test func `has a last day for notice if it ends: the end itself where no days are named`() {
        #expect(term().noticeDeadline == nil)
        #expect(term(notice: 30).noticeDeadline == nil)
        #expect(term(end: 90).noticeDeadline == 90)
        #expect(term(end: 90, notice: 30).noticeDeadline == 60)
        #expect(term(end: -9, notice: .max).noticeDeadline == .min)
        #expect(term(end: .min, notice: .max).noticeDeadline == .min)
    }
}
