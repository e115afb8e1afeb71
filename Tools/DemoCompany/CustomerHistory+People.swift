import CanonicalJSON

extension CustomerHistory {
    /// The first contact's id; every customer has at least this one.
    var contact: String { "\(id).c1" }

    /// Whom we know at the customer, what they allowed, and how we found out that they can be reached.
    mutating func meetPeople(in journal: inout Journal) {
        let count = isPerson ? 1 : extra.number(1...3)
        for number in 1...count {
            let contact = "\(id).c\(number)"
            let person = DemoPeople.Person(self.number * 3 + number, isChinese: isChinese)
            let met = number == 1 ? conversion.time : extra.moment(after: conversion.time, days: number * 20...150)
            introduce(contact, person, as: isPerson ? "owner" : DemoPeople.roles[number - 1], at: met, in: &journal)
            consent(contact, at: met + 10 * DemoTime.minute, in: &journal)
            if extra.chance(40) { correct(contact, person, after: met, in: &journal) }
        }
        label(in: &journal)
    }

    private mutating func introduce(
        _ contact: String, _ person: DemoPeople.Person, as role: String, at met: Int64, in journal: inout Journal
    ) {
        let stream = "contact-\(contact)"
        journal.record(
            "contact.created", in: stream, at: met,
            [
                "contact_id": .text(contact), "given_name": .text(person.given), "family_name": .text(person.family),
                "email": .text(person.email), "phone": .text(person.phone), "job_title": .text(person.title),
                "locale": .text(isChinese ? "zh-CN" : "en-GB"),
            ])
        journal.record(
            "contact.linked", in: stream, at: met + DemoTime.minute,
            [
                "contact_id": .text(contact), "target_type": "account", "target_id": .text(id), "role": .text(role),
                "primary": .boolean(contact == self.contact), "active": true,
            ])
        journal.record(
            "contact.point_verified", in: stream, at: extra.moment(after: met, days: 1...6),
            [
                "contact_id": .text(contact), "kind": "email", "method": "confirmation_link",
                "result": .text(extra.chance(93) ? "valid" : "bounced"), "value": .text(person.email),
            ])
    }

    /// What the person allowed; some take it back when they have had enough.
    private mutating func consent(_ contact: String, at time: Int64, in journal: inout Journal) {
        let (party, stream) = (JSON.text("contact-\(contact)"), "consent-contact-\(contact)")
        journal.record(
            "consent.granted", in: stream, at: time,
            [
                "party_id": party, "purpose": "newsletter", "channel": "email", "legal_basis": "consent",
                "text_version": "2024-01", "evidence": "web_form",
            ])
        guard let fadeTime, extra.chance(50) else { return }
        let withdrawn = extra.moment(after: max(fadeTime, time), days: 5...90)
        journal.record(
            "consent.withdrawn", in: stream, at: withdrawn,
            ["party_id": party, "purpose": "newsletter", "channel": "email", "trigger": "subject"])
        guard extra.chance(20) else { return }
        journal.record(
            "privacy.request_received", in: "privacy-contact-\(contact)", at: withdrawn + 5 * DemoTime.minute,
            [
                "party_id": party, "kind": .text(extra.pick(["access", "object", "port"])), "channel": "email",
                "due_at": .integer(withdrawn + 30 * DemoTime.day),
            ])
    }

    private mutating func correct(
        _ contact: String, _ person: DemoPeople.Person, after met: Int64, in journal: inout Journal
    ) {
        let email = "new.\(person.email)"
        let title = extra.pick(DemoPeople.titles)
        journal.record(
            "contact.updated", in: "contact-\(contact)", at: extra.moment(after: met, days: 60...300),
            [
                "reason": "edit",
                "changes": [
                    ["field": "email", "old": .text(person.email), "new": .text(email)],
                    ["field": "job_title", "old": .text(person.title), "new": .text(title)],
                ],
            ])
    }

    /// Tags, a corrected record, and the visitor of the web shop who turned out to be this customer.
    private mutating func label(in journal: inout Journal) {
        let time = extra.moment(after: conversion.time, days: 5...60)
        if extra.chance(50) {
            journal.record(
                "tag.changed", in: party, at: time,
                [
                    "target_type": "account", "target_id": .text(id),
                    "added": .array([.text(extra.pick(["vip", "pilot", "reference", "exporter"]))]),
                ])
        }
        if extra.chance(35) {
            let count = Int64(extra.pick([20, 60, 200, 500]))
            journal.record(
                "account.updated", in: party, at: time + DemoTime.minute,
                ["reason": "enrich", "changes": [["field": "employee_count", "new": .integer(count)]]])
        }
        guard extra.chance(30) else { return }
        journal.record(
            "identity.linked", in: party, at: time + 2 * DemoTime.minute,
            [
                "party_id": .text(party), "kind": "anonymous_id", "value": .text("v\(number + 1)"),
                "confidence": 9000, "source": "web_shop",
            ])
    }
}
