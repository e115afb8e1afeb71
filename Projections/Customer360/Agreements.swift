import CRMEvents
import CanonicalJSON
import ProjectionRuntime

/// What a customer has signed, subscribed to and collected, at a moment.
struct Agreements {
    private var activeCount: Int64 = 0
    private var nextEnd: (day: Int32, contract: String)?
    private var noticeDeadline: (day: Int32, contract: String)?
    private var subscriptionCount: Int64 = 0
    private var mrr = CurrencySums()
    private var memberships: [JSON] = []
    private var points: Int64 = 0

    init(
        of sources: [PartyKey], at moment: Int64, on day: Int32, in snapshot: ViewSnapshot
    ) throws(ViewError) {
        for source in sources where source.facet.isEmpty || source.kind == .contact {
            try snapshot.forEach(Customer360.contractTable, of: source) { key, row in add(row, key.id, on: day) }
            try snapshot.forEach(Customer360.subscriptionTable, of: source) { _, row in
                if row.status == "active" || row.status == "past_due" || row.status == "trialing" {
                    subscriptionCount &+= 1
                }
                mrr.add(row.mrr(at: moment), row.currency)
            }
            try snapshot.forEach(Customer360.membershipTable, of: source) { key, row in
                let balance = row.balance(on: day)
                points &+= balance
                memberships.append([
                    "member_id": .text(key.id), "tier": .from(row.tier), "points": .integer(balance),
                ])
            }
        }
    }

    private mutating func add(_ contract: ContractRow, _ id: String, on day: Int32) {
        let term = contract.term
        guard term.isInForce(on: day) else { return }
        activeCount &+= 1
        if let end = term.endDay, end >= day, nextEnd.map({ end < $0.day }) ?? true { nextEnd = (end, id) }
        guard let deadline = term.noticeDeadline, deadline >= day else { return }
        if noticeDeadline.map({ deadline < $0.day }) ?? true { noticeDeadline = (deadline, id) }
    }

    var blocks: JSON.Members {
        func date(_ date: (day: Int32, contract: String)?) -> JSON {
            date.map { ["date": .day($0.day), "contract_id": .text($0.contract)] } ?? .null
        }
        return [
            "contracts": [
                "active": .integer(activeCount), "next_end": date(nextEnd), "notice_deadline": date(noticeDeadline),
            ],
            "subscriptions": ["active": .integer(subscriptionCount), "mrr": mrr.json],
            "loyalty": ["points": .integer(points), "memberships": .array(memberships)],
        ]
    }
}
