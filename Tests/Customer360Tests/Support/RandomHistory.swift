import CanonicalJSON
import EventModel
import SeededRandom

/// Random histories of a few customers in which everything meets everything: merges and unmerges, conversions, contacts
/// that change sides, deals that regress and reopen, payments for other people's invoices, persons who are erased, and
/// events that come late.
struct RandomHistory {
    private var random: SplitMix64
    /// As a projector sees it that follows the log: every person is there when the event comes.
    private(set) var history = History()
    /// Where the persons of a stream were erased.
    private var erasures: [String: Position] = [:]
    private var minute: Int64 = 0

    init(seed: UInt64, eventCount: Int = 260) {
        random = SplitMix64(seed: seed)
        for pipeline in ["standard", "renewals"] { publish(pipeline) }
        while history.events.count < eventCount { step() }
        erase()
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int(random.next() % UInt64(choices.count))]
    }

    private mutating func number(_ bound: UInt64) -> Int64 { Int64(random.next() % bound) }

    /// The moment of the next event: mostly later than the one before, and one in five days earlier.
    private mutating func moment() -> Int64 {
        minute += number(2_000)
        return random.next() % 5 == 0 ? minute - number(20_000) : minute
    }

    private mutating func account() -> String { pick(["a", "b", "c", "d"]) }
    private mutating func lead() -> String { pick(["1", "2", "3"]) }
    private mutating func contact() -> String { pick(["x", "y"]) }
    private mutating func item() -> String { pick(["1", "2", "3", "4", "5"]) }
    private mutating func party() -> String {
        pick(["account-\(account())", "account-\(account())", "lead-\(lead())", "contact-\(contact())", "party-v1"])
    }

    private mutating func publish(_ pipeline: String) {
        history.add(
            "rule.published", "rule-\(pipeline)",
            [
                "rule_id": .text(pipeline), "kind": "pipeline", "version": 1, "effective_from": 0,
                "body": [
                    "stages": [
                        ["stage_id": "qualification", "ordinal": 1, "probability": 1500],
                        ["stage_id": "proposal", "ordinal": 2, "probability": 4000],
                    ]
                ],
            ])
    }

    private mutating func add(_ type: String, _ stream: String, _ data: JSON, personal: JSON? = nil) {
        history.add(type, stream, data, personal: personal.map(PersonalContent.opened), minute: moment())
    }

    /// The history as whoever reads it at its end finds it: what was said of the erased before their erasure is gone.
    var afterErasures: History { history.erasing(erasures) }

    private mutating func step() {
        guard random.next() % 25 > 0 else { return erase() }
        switch random.next() % 6 {
        case 0: relate()
        case 1: know()
        case 2: sell()
        case 3: trade()
        case 4: serve()
        default: touch()
        }
    }

    /// Erases somebody of whom something personal is known.
    private mutating func erase() {
        let known = Set(history.events.filter { !$0.personal.isEmpty }.map(\.stream.text)).sorted()
        guard !known.isEmpty else { return }
        let party = pick(known)
        erasures[party] = Position(UInt64(history.events.count))
        add(
            "privacy.subject_erased", "privacy-\(party)",
            [
                "party_ids": [.text(party)], "purposes": ["sales"], "key_ids": [], "key_fingerprints": [],
                "scope": "person", "legal_basis": "request", "approver_id": "u1", "legal_hold_exceptions": [],
            ])
    }

    private mutating func relate() {
        let (first, second) = (account(), account())
        switch random.next() % 10 {
        case 8: identify(pick(["account-\(first)", "lead-\(lead())", "contact-\(contact())"]))
        case 9:
            let (kept, merged) = (contact(), contact())
            guard kept != merged else { return }
            add(
                pick(["party.merged", "party.unmerged"]), "contact-\(kept)",
                [
                    "surviving_id": .text("contact-\(kept)"), "merged_ids": [.text("contact-\(merged)")],
                    "restored_ids": [.text("contact-\(merged)")], "method": "manual", "reason": "mistake",
                ])
        case 7:
            let (kept, merged) = (lead(), lead())
            guard kept != merged else { return }
            add(
                pick(["party.merged", "party.unmerged"]), "lead-\(kept)",
                [
                    "surviving_id": .text("lead-\(kept)"), "merged_ids": [.text("lead-\(merged)")],
                    "restored_ids": [.text("lead-\(merged)")], "method": "manual", "reason": "mistake",
                ])
        case 0:
            guard first != second else { return }
            add(
                "party.merged", "account-\(first)",
                [
                    "surviving_id": .text("account-\(first)"), "merged_ids": [.text("account-\(second)")],
                    "method": "manual", "field_choices": ["industry": .text("account-\(second)")],
                ])
        case 1:
            guard first != second else { return }
            add(
                "party.unmerged", "account-\(first)",
                [
                    "surviving_id": .text("account-\(first)"), "restored_ids": [.text("account-\(second)")],
                    "reason": "mistake",
                ])
        case 2: history.convert(lead(), to: first, minute: moment())
        case 3, 4:
            let contact = contact()
            add(
                "contact.linked", "contact-\(contact)",
                [
                    "contact_id": .text(contact), "target_type": "account", "target_id": .text(first),
                    "role": .text(pick(["user", "decision_maker"])), "active": .boolean(random.next() % 3 > 0),
                ])
        case 5:
            add(
                "party.duplicate_detected", "duplicate-\(item())",
                [
                    "candidate_ids": [.text("account-\(first)"), .text("account-\(second)")], "score": 9000,
                    "rule_id": "r", "rule_version": 1, "evidence": [],
                ])
        default:
            add(
                "party.duplicate_reviewed", "duplicate-\(item())",
                ["candidate_ids": [.text("account-\(first)")], "decision": "distinct", "reviewer_id": "u1"])
        }
    }

    /// Says, or takes back, who an anonymous visitor is, or that somebody has another name.
    private mutating func identify(_ party: String) {
        guard random.next() % 3 > 0 else {
            return add(
                "identity.linked", party,
                ["party_id": .text(party), "kind": "user_id", "confidence": 9_000, "source": "login"],
                personal: ["value": .text("u-\(number(9))")])
        }
        add(
            pick(["party.merged", "party.merged", "party.unmerged"]), party,
            [
                "surviving_id": .text(party), "merged_ids": ["party-v1"], "restored_ids": ["party-v1"],
                "method": "rule", "reason": "mistake",
            ])
    }

    private mutating func know() {
        let (account, lead, contact) = (account(), lead(), contact())
        switch random.next() % 10 {
        case 9:
            add(
                "account.created", "account-\(account)", ["account_id": .text(account), "natural_person": true],
                personal: ["name": .text(pick(["李雷", "Erika Mustermann"]))])
        case 0: history.account(account, ["industry": .text(pick(["retail", "steel"]))], minute: moment())
        case 1:
            add(
                "account.updated", "account-\(account)",
                ["changes": [["field": "industry", "new": .text(pick(["retail", "steel", ""]))]]])
        case 2:
            add(
                "account.classified", "account-\(account)",
                ["scheme": .text(pick(["tier", "lifecycle"])), "value": .text(pick(["a", "b"]))])
        case 3:
            add(
                "account.owner_assigned", "account-\(account)",
                ["owner_id": .text(pick(["u1", "u2"])), "mode": "manual"])
        case 4:
            add(
                "lead.captured", "lead-\(lead)",
                ["lead_id": .text(lead), "source": "fair", "channel": "event", "company_name": "Muster AG"],
                personal: ["person": ["family_name": .text(pick(["韩", "Muster"]))], "message": "Bitte um Angebot"])
        case 5:
            add(
                "lead.qualified", "lead-\(lead)",
                ["stage": .text(pick(["mql", "sql"])), "criteria_version": 1, "by": "u1"])
        case 6:
            add(
                "contact.created", "contact-\(contact)", ["contact_id": .text(contact), "job_title": "CTO"],
                personal: ["family_name": .text(pick(["Smith", "王"])), "email": "smith@example.com"])
        case 7:
            add(
                "tag.changed", "account-\(account)",
                [
                    "target_type": "account", "target_id": .text(account), "added": [.text(pick(["vip", "eu"]))],
                    "removed": [.text(pick(["vip", "eu"]))],
                ])
        default:
            let party = party()
            let grant = random.next() % 2 == 0
            var data: JSON.Members = [
                "party_id": .text(party), "purpose": "news", "channel": .text(pick(["email", "sms"])),
            ]
            data[grant ? "legal_basis" : "trigger"] = .text(grant ? "consent" : "subject")
            if grant { data.merge(["text_version": "1", "evidence": "form"]) { $1 } }
            add(grant ? "consent.granted" : "consent.withdrawn", "consent-\(party)", .object(data))
        }
    }

    private mutating func sell() {
        let (deal, account) = (item(), account())
        switch random.next() % 6 {
        case 0, 1: history.deal(deal, of: account, amount: number(100), minute: moment())
        case 2:
            var data: JSON.Members = [
                "from_stage_id": "qualification",
                "to_stage_id": .text(pick(["proposal", "unknown", "qualification"])),
                "direction": .text(pick(["forward", "backward"])),
            ]
            if random.next() % 4 == 0 { data["to_pipeline_id"] = "renewals" }
            add("opportunity.stage_changed", "opportunity-\(deal)", .object(data))
        case 3: history.win(deal, number(100))
        case 4: history.lose(deal)
        default: history.reopen(deal)
        }
    }

    private mutating func trade() {
        let (item, account) = (item(), account())
        switch random.next() % 10 {
        case 0: history.order(item, of: account, number(100), lines: [("p1", 2_000)], minute: moment())
        case 1: add("order.returned", "order-\(item)", ["lines": [], "refund_due": 3, "reason": "broken"])
        case 2: add("order.cancelled", "order-\(item)", ["reason": "odd"])
        case 3:
            add(
                "price.set", "product-p1",
                [
                    "product_id": "p1", "kind": "cost", "amount": .integer(number(9)), "currency": "CNY",
                    "effective_from": "2026-01-01", "source": "erp",
                ])
        case 4:
            history.invoice(item, of: account, number(100), due: pick(["2026-01-20", "2026-03-01"]), minute: moment())
        case 5: add("invoice.adjusted", "invoice-\(item)", ["kind": "rebate", "amount": 5, "reason": "late"])
        case 6: history.pay(item, by: account, number(100))
        case 7:
            add(
                "payment.allocated", "payment-\(item)",
                [
                    "payment_id": .text(item),
                    "allocations": [
                        ["invoice_id": .text(self.item()), "amount": .integer(number(40))],
                        ["plan_id": .text(self.item()), "instalment_no": 1, "amount": 3],
                    ],
                ])
        case 8:
            add(
                "payment_plan.scheduled", "payment_plan-\(item)",
                [
                    "plan_id": .text(item), "order_id": .text(self.item()), "currency": "CNY",
                    "instalments": [["no": 1, "due_date": "2026-02-01", "amount": 20]],
                ])
        default: add("payment.refunded", "payment-\(item)", ["payment_id": .text(item), "amount": 2, "reason": "x"])
        }
    }

    private mutating func serve() {
        let (item, account) = (item(), account())
        switch random.next() % 10 {
        case 0, 1:
            var data: JSON.Members = [
                "ticket_id": .text(item), "number": "1", "channel": "email",
                "kind": .text(pick(["complaint", "question"])),
                "priority": "low",
            ]
            if random.next() % 2 == 0 {
                data["account_id"] = .text(account)
            } else {
                data["contact_id"] = .text(contact())
            }
            add("ticket.opened", "ticket-\(item)", .object(data))
        case 2: add("ticket.resolved", "ticket-\(item)", ["resolution_code": "done", "resolver_id": "u1"])
        case 3: add("ticket.classified", "ticket-\(item)", ["kind": .text(pick(["complaint", "question"]))])
        case 4:
            add(
                "sla.concluded", "sla-\(item)",
                [
                    "ticket_id": .text(item), "metric": "resolution",
                    "outcome": .text(pick(["breached", "fulfilled"])),
                    "elapsed": 9, "at": .integer(History.minute(minute)),
                ])
        case 5:
            add(
                "contract.drafted", "contract-\(item)",
                [
                    "contract_id": .text(item), "number": "1", "kind": "sales", "party_ids": [.text(party())],
                    "start_date": "2026-01-01", "end_date": "2026-12-31", "notice_days": 90,
                ])
        case 6: add("contract.activated", "contract-\(item)", ["effective_date": "2026-01-01"])
        case 7:
            add(
                "subscription.started", "subscription-\(item)",
                [
                    "subscription_id": .text(item), "account_id": .text(account), "plan_id": "basic",
                    "mrr": .integer(number(50)), "currency": "CNY", "current_period_end": 0,
                ])
        case 8:
            add(
                "loyalty.enrolled", "loyalty-\(item)",
                ["member_id": .text(item), "program_id": "p", "party_id": .text(party())])
        default:
            add(
                "loyalty.points_earned", "loyalty-\(item)",
                ["entry_id": .text("l\(number(99))"), "member_id": .text(item), "points": 10, "reason": "order"])
        }
    }

    private mutating func touch() {
        switch random.next() % 6 {
        case 0, 1: history.talk(item(), with: [party(), party()], minute: moment())
        case 2: history.mail(item(), reaches: party(), minute: moment())
        case 3:
            // Whoever is not identified has a stream of that name.
            let isKnown = random.next() % 2 == 0
            history.visit(isKnown ? item() : "party-v1", by: isKnown ? party() : nil, minute: moment())
        case 4: history.answer(item(), by: party(), pick(["nps", "csat"]), number(11), minute: moment())
        default: hang()
        }
    }

    /// Something about something else, which may be about something else in its turn.
    private mutating func hang() {
        let (item, type) = (item(), pick(["opportunity", "lead", "ticket", "contract", "order", "task", "approval"]))
        let about = pick(["1", "2", "3"])
        switch random.next() % 4 {
        case 0:
            add(
                "task.created", "task-\(item)",
                [
                    "task_id": .text(item), "assignee_id": "u1", "due_at": 0, "about_type": .text(type),
                    "about_id": .text(about),
                ])
        case 1:
            add(
                "approval.requested", "approval-\(item)",
                [
                    "approval_id": .text(item), "steps": [], "due_at": 0, "subject_type": .text(type),
                    "subject_id": .text(about),
                ])
        case 2: add("approval.concluded", "approval-\(item)", ["outcome": "approved"])
        default:
            add(
                "signal.raised", "signal-\(type)-\(about)",
                [
                    "signal_id": .text(item), "kind": "odd", "subject_type": .text(type), "subject_id": .text(about),
                    "severity": 100, "evidence_event_ids": [], "rule_version": 1,
                ])
        }
    }
}
