import CanonicalJSON
import Testing

/// A lifecycle as CATALOG.md section 7 tells it, typed from there and not from the machines of the library.
struct LifecycleModel: Sendable, CustomTestStringConvertible {
    let name: String
    /// The events of a test by a short name: type, data.
    let events: [String: (type: String, data: JSON)]
    /// The state after an event in a state, by the model's own names; `nil` where it is illegal.
    let next: @Sendable (_ state: String, _ event: String) -> String?
    /// The state of a stream without events.
    var initial = "none"
    /// Who does it.
    var actor = "user:u1"

    var testDescription: String { name }

    static let all: [LifecycleModel] = tables + counting

    /// A model from a table: in each line a state, a bar, and what is legal there as `event>state`.
    static func table(
        _ name: String, initial: String = "none", _ events: [String: (type: String, data: JSON)], _ lines: String
    ) -> LifecycleModel {
        var moves: [String: [String: String]] = [:]
        for line in lines.split(separator: "\n") {
            let halves = line.split(separator: "|", omittingEmptySubsequences: false)
            let state = String(halves[0].filter { $0 != " " })
            moves[state] = [:]
            for move in halves[1].split(separator: " ") {
                let parts = move.split(separator: ">")
                moves[state]?[String(parts[0])] = String(parts[1])
            }
        }
        return LifecycleModel(name: name, events: events, next: { [moves] in moves[$0]?[$1] }, initial: initial)
    }

    private static func change(_ prefix: String, _ pairs: [(String, String)]) -> [String: (type: String, data: JSON)] {
        var events: [String: (type: String, data: JSON)] = [:]
        for (from, to) in pairs {
            events["\(from)-\(to)"] = ("\(prefix).status_changed", ["from": .text(from), "to": .text(to)])
        }
        return events
    }

    private static func allPairs(_ states: [String]) -> [(String, String)] {
        states.flatMap { from in states.filter { $0 != from }.map { (from, $0) } }
    }
}

// MARK: - Tables

extension LifecycleModel {
    private static let tables: [LifecycleModel] = [
        .table(
            "lead",
            [
                "captured": ("lead.captured", ["lead_id": "l1", "source": "web", "channel": "web"]),
                "assigned": ("lead.assigned", ["owner_id": "u7"]),
                "mql": ("lead.qualified", ["stage": "mql", "criteria_version": 1, "by": "u7"]),
                "sal": ("lead.qualified", ["stage": "sal", "criteria_version": 1, "by": "u7"]),
                "sql": ("lead.qualified", ["stage": "sql", "criteria_version": 1, "by": "u7"]),
                "converted": ("lead.converted", ["account_id": "a", "contact_id": "c", "created": []]),
                "disqualified": ("lead.disqualified", ["reason": "spam"]),
                "recycled": ("lead.recycled", ["reason": "later"]),
                "updated": ("lead.updated", ["changes": []]),
                "scored": ("lead.scored", ["score": 1, "model_id": "m", "model_version": 1]),
            ],
            """
            none         | captured>new
            new          | assigned>assigned disqualified>disqualified updated>new scored>new
            assigned     | assigned>assigned mql>mql disqualified>disqualified updated>assigned scored>assigned
            mql          | assigned>mql sal>sal converted>converted disqualified>disqualified updated>mql scored>mql
            sal          | assigned>sal sql>sql converted>converted disqualified>disqualified updated>sal scored>sal
            sql          | assigned>sql converted>converted disqualified>disqualified updated>sql scored>sql
            converted    | updated>converted
            disqualified | recycled>recycled updated>disqualified scored>disqualified
            recycled     | assigned>assigned disqualified>disqualified updated>recycled scored>recycled
            """),
        .table(
            "pool", initial: "owned",
            [
                "released": ("pool.released", ["pool_id": "p"]), "reclaimed": ("pool.reclaimed", ["pool_id": "p"]),
                "claimed": ("pool.claimed", ["mode": "claimed"]), "assigned": ("pool.claimed", ["mode": "assigned"]),
                "removed": ("pool.claimed", ["mode": "removed_from_pool"]),
            ],
            """
            owned  | released>pooled reclaimed>pooled
            pooled | claimed>owned assigned>owned removed>owned
            """),
        .table(
            "contract",
            [
                "drafted": ("contract.drafted", ["contract_id": "k"]), "sent": ("contract.sent_for_signature", [:]),
                "one": ("contract.signed", ["all_signed": false]), "last": ("contract.signed", ["all_signed": true]),
                "activated": ("contract.activated", [:]), "amended": ("contract.amended", ["changes": []]),
                "renewed": ("contract.renewed", [:]), "expired": ("contract.ended", ["outcome": "expired"]),
                "terminated": ("contract.ended", ["outcome": "terminated"]),
                "cancelled": ("contract.ended", ["outcome": "cancelled"]),
            ],
            """
            none              | drafted>draft
            draft             | sent>out_for_signature cancelled>cancelled
            out_for_signature | one>out_for_signature last>signed cancelled>cancelled
            signed            | activated>active cancelled>cancelled
            active            | amended>active renewed>active expired>expired terminated>terminated
            expired           |
            terminated        |
            cancelled         |
            """),
        .table(
            "invoice",
            [
                "issued": ("invoice.issued", ["total": 5]), "void": ("invoice.adjusted", ["kind": "void"]),
                "credit": ("invoice.adjusted", ["kind": "credit_note"]),
                "rebate": ("invoice.adjusted", ["kind": "rebate"]),
                "unapproved": ("invoice.adjusted", ["kind": "write_off"]),
                "written_off": ("invoice.adjusted", ["kind": "write_off", "approval_id": "ap1"]),
            ],
            """
            none        | issued>issued
            issued      | void>void credit>issued rebate>issued written_off>written_off
            void        |
            written_off |
            """),
        .table(
            "ticket",
            [
                "opened": ("ticket.opened", ["ticket_id": "t"]), "classified": ("ticket.classified", [:]),
                "assigned": ("ticket.assigned", [:]), "responded": ("ticket.responded", [:]),
                "escalated": ("ticket.escalated", [:]), "resolved": ("ticket.resolved", [:]),
                "reopened": ("ticket.reopened", [:]),
            ].merging(change("ticket", allPairs(["new", "open", "pending", "on_hold", "solved", "closed"]))) { $1 },
            """
            none    | opened>new
            new     | new-open>open classified>new assigned>new responded>new escalated>new
            open    | open-pending>pending open-on_hold>on_hold resolved>solved \
            classified>open assigned>open responded>open escalated>open
            pending | pending-open>open resolved>solved \
            classified>pending assigned>pending responded>pending escalated>pending
            on_hold | on_hold-open>open resolved>solved \
            classified>on_hold assigned>on_hold responded>on_hold escalated>on_hold
            solved  | solved-closed>closed reopened>open \
            classified>solved assigned>solved responded>solved escalated>solved
            closed  |
            """),
        subscription("subscription, without a trial", ["mrr": 1], "started", started),
        subscription("subscription, with a trial", ["mrr": 1, "trial_end": 9], "trialing", ""),
        .table(
            "campaign",
            ["created": ("campaign.created", ["campaign_id": "k"])]
                .merging(change("campaign", allPairs(["planned", "active", "paused", "completed", "aborted"]))) { $1 },
            """
            none      | created>planned
            planned   | planned-active>active planned-aborted>aborted
            active    | active-paused>paused active-completed>completed active-aborted>aborted
            paused    | paused-active>active paused-completed>completed paused-aborted>aborted
            completed |
            aborted   |
            """),
    ]

    /// Incomplete or active, which the first change tells.
    private static let started = """
        started | incomplete-active>active incomplete-incomplete_expired>incomplete_expired \
        active-paused>paused active-past_due>past_due active-canceled>canceled changed>started
        """

    private static func subscription(
        _ name: String, _ data: JSON, _ first: String, _ line: String
    ) -> LifecycleModel {
        let states = [
            "incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "paused", "canceled",
        ]
        return .table(
            name,
            [
                "started": ("subscription.started", data),
                "changed": ("subscription.changed", ["old_mrr": 1, "new_mrr": 2]),
            ].merging(change("subscription", allPairs(states))) { $1 },
            """
            none               | started>\(first)
            \(line)
            trialing           | trialing-active>active trialing-paused>paused trialing-canceled>canceled \
            changed>trialing
            active             | active-paused>paused active-past_due>past_due active-canceled>canceled changed>active
            paused             | paused-active>active changed>paused
            past_due           | past_due-active>active past_due-unpaid>unpaid past_due-canceled>canceled \
            changed>past_due
            unpaid             | unpaid-canceled>canceled unpaid-active>active changed>unpaid
            incomplete_expired |
            canceled           |
            """)
    }
}
