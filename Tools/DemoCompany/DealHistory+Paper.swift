import CanonicalJSON
import EventModel

/// What is written around a deal: quotes, approvals, a contract. It follows from how the deal went, so it draws from
/// dice of its own and changes nothing about it.
extension DealHistory {
    /// Records the papers of a deal that was played.
    mutating func writePapers(in journal: inout Journal) {
        guard let proposed = steps.first(where: { $0.stage >= 1 })?.time else { return }
        quote(at: proposed + 2 * 60 * DemoTime.minute, in: &journal)
        remind(at: proposed, in: &journal)
        reward(in: &journal)
        guard case .won(let time) = end, hasContract else { return }
        contract(signed: time - 30 * DemoTime.minute, in: &journal)
    }

    private func line(_ amount: Int64) -> JSON {
        [
            [
                "line_id": "1", "product_id": .text(DemoNames.solution), "quantity_milli": 1000,
                "unit_price": .integer(amount),
            ]
        ]
    }

    private mutating func quote(at proposed: Int64, in journal: inout Journal) {
        let quote = "\(id).q1"
        let stream = "quote-\(quote)"
        // The customer accepts on the morning of the day on which the deal counts as won.
        let closing = (end.time ?? DemoTime.end) - 8 * 60 * DemoTime.minute
        var revision: Int64 = 1
        var time = proposed
        journal.record(
            "quote.created", in: stream, at: time,
            [
                "quote_id": .text(quote), "number": .text(quote.uppercased()), "revision": 1, "kind": "customer",
                "party_id": .text(customer.party), "opportunity_id": .text(id), "lines": line(amount),
                "total": .integer(amount), "currency": .text(customer.currency),
                "valid_until": .text(Timestamp(milliseconds: time + 60 * DemoTime.day).day.description),
            ])
        func revise(to total: Int64, because reason: String) {
            revision += 1
            journal.record(
                "quote.revised", in: stream, at: time,
                [
                    "revision": .integer(revision), "supersedes_revision": .integer(revision - 1),
                    "lines": line(total), "total": .integer(total), "reason": .text(reason),
                ])
        }
        func send() {
            journal.record(
                "quote.sent", in: stream, at: time,
                [
                    "revision": .integer(revision), "channel": "email",
                    "to_contact_ids": .array([.text(customer.contact)]),
                ])
        }
        if amount >= 4_000_000, !approve(quote, from: &time, in: &journal) {
            time += 90 * DemoTime.minute
            revise(to: amount * 105 / 100, because: "approval_refused")
        }
        time += 60 * DemoTime.minute
        guard time < closing else { return }
        send()
        let second = extra.moment(after: time, days: 2...4)
        if extra.chance(30), second + 60 * DemoTime.minute < closing {
            time = second
            revise(to: amount * 95 / 100, because: "negotiation")
            time += 30 * DemoTime.minute
            send()
        }
        close(stream, revision, at: closing, in: &journal)
    }

    private mutating func close(
        _ stream: String, _ revision: Int64, at time: Int64, in journal: inout Journal
    ) {
        switch end {
        case .open: break
        case .won:
            journal.record(
                "quote.accepted", in: stream, at: time,
                [
                    "revision": .integer(revision), "accepted_by": .text(customer.contact),
                    "accepted_at": .integer(time),
                ])
        case .lost:
            let outcome = extra.pick(["rejected", "rejected", "expired"])
            journal.record("quote.closed", in: stream, at: time, ["outcome": .text(outcome)])
        }
    }

    /// Large quotes are approved in two steps. Returns whether they were, and moves the clock to the decision.
    private mutating func approve(_ quote: String, from time: inout Int64, in journal: inout Journal) -> Bool {
        let approval = "\(quote).ap1"
        let stream = "approval-\(approval)"
        journal.record(
            "approval.requested", in: stream, at: time,
            [
                "approval_id": .text(approval), "subject_type": "quote", "subject_id": .text(quote),
                "steps": [
                    ["no": 1, "approvers": ["u7"], "quorum": 1], ["no": 2, "approvers": ["u8", "u10"], "quorum": 1],
                ],
                "amount": .integer(amount), "currency": .text(customer.currency),
                "due_at": .integer(time + 3 * DemoTime.day),
            ])
        let isApproved = extra.chance(85)
        for step in 1...2 {
            time += Int64(extra.number(10...60)) * DemoTime.minute
            let refuses = !isApproved && step == 2
            let texts = refuses ? DemoTexts.refusals : DemoTexts.approvalComments
            journal.record(
                "approval.step_decided", in: stream, at: time,
                [
                    "step_no": .integer(Int64(step)), "approver_id": .text(step == 1 ? "u7" : "u8"),
                    "decision": .text(refuses ? "reject" : "approve"),
                    "comment": .text(extra.text(texts, isChinese: customer.isChinese)),
                ])
        }
        journal.record(
            "approval.concluded", in: stream, at: time + DemoTime.minute,
            ["outcome": .text(isApproved ? "approved" : "rejected")])
        time += DemoTime.minute
        return isApproved
    }

    /// Every tenth won deal earns its owner a bonus.
    private mutating func reward(in journal: inout Journal) {
        guard case .won(let time) = end, time < DemoTime.end, extra.chance(10) else { return }
        journal.record(
            "incentive.awarded", in: "incentive-\(customer.owner)", at: time + DemoTime.day,
            [
                "user_id": .text(customer.owner), "amount": .integer(amount / 100),
                "currency": .text(customer.currency), "basis_event_ids": .array([.text(wonEvent)]),
            ])
    }

    private mutating func remind(at time: Int64, in journal: inout Journal) {
        guard extra.chance(45) else { return }
        let task = "\(id).k1"
        let due = extra.moment(after: time, days: 2...5)
        journal.record(
            "task.created", in: "task-\(task)", at: time + DemoTime.minute,
            [
                "task_id": .text(task), "assignee_id": .text(customer.owner), "due_at": .integer(due),
                "about_type": "opportunity", "about_id": .text(id), "priority": "normal",
                "title": .text(extra.text(DemoTexts.taskTitles, isChinese: customer.isChinese)),
            ])
        journal.record(
            "task.completed", in: "task-\(task)", at: due,
            [
                "task_id": .text(task), "result": .text(extra.pick(["done", "done", "cancelled"])),
                "completed_at": .integer(due),
            ])
    }

    /// The contract of a won deal, signed just before it counted as won, and what became of it.
    private mutating func contract(signed: Int64, in journal: inout Journal) {
        let stream = "contract-\(contractID)"
        func day(_ days: Int64) -> JSON {
            .text(Timestamp(milliseconds: signed + days * DemoTime.day).day.description)
        }
        let document = JSON.text(extra.digest())
        journal.record(
            "contract.drafted", in: stream, at: signed - 5 * 60 * DemoTime.minute,
            [
                "contract_id": .text(contractID), "number": .text(contractID.uppercased()), "kind": "sales",
                "party_ids": .array([.text(customer.party)]), "amount": .integer(amount),
                "currency": .text(customer.currency), "start_date": day(1), "end_date": day(366),
                "auto_renew": false, "notice_days": 30, "opportunity_id": .text(id),
            ])
        journal.record(
            "contract.sent_for_signature", in: stream, at: signed - 3 * 60 * DemoTime.minute,
            [
                "provider": "signing-service", "envelope_ref": .text("env-\(contractID)"), "document_sha256": document,
                "signers": .array([["contact_id": .text(customer.contact), "order": 1]]),
            ])
        journal.record(
            "contract.signed", in: stream, at: signed,
            [
                "signer_contact_id": .text(customer.contact), "certificate_ref": .text("cert-\(contractID)"),
                "signed_at": .integer(signed), "document_sha256": document, "all_signed": true,
            ])
        journal.record("contract.activated", in: stream, at: signed + DemoTime.day, ["effective_date": day(1)])
        if extra.chance(12) {
            journal.record(
                "contract.amended", in: stream, at: signed + 90 * DemoTime.day,
                [
                    "amendment_no": 1,
                    "changes": [["field": "notice_days", "old": 30, "new": 60]],
                ])
        }
        let year = signed + 360 * DemoTime.day
        if customer.isInterested(at: year) {
            journal.record(
                "contract.renewed", in: stream, at: year,
                ["new_end_date": day(731), "new_amount": .integer(amount * 102 / 100)])
        } else {
            journal.record(
                "contract.ended", in: stream, at: signed + 366 * DemoTime.day,
                ["outcome": "expired", "effective_date": day(366)])
        }
    }
}
