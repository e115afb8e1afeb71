import CanonicalJSON
import EventModel
import SeededRandom

/// Random histories of a few deals, leads and accounts: stages skipped, gone back and left for another pipeline, deals
/// closed and reopened, accounts merged and parted, persons erased, pipelines published late, and events that come
/// late.
struct RandomDealLog {
    private var random: SplitMix64
    private(set) var log = DealLog()
    /// Where the persons of a stream were erased.
    private var erasures: [String: Position] = [:]
    private var now: Int64 = 0

    init(seed: UInt64, eventCount: Int = 150) {
        random = SplitMix64(seed: seed)
        capture("l1")
        while log.events.count < eventCount { step() }
        erase()
    }

    /// The events as whoever reads them at the end finds them: what was said of the erased until then is gone.
    var afterErasures: [RecordedEvent] {
        log.events.map { event in
            guard !event.personal.isEmpty, let erasure = erasures[event.stream.text], event.position < erasure else {
                return event
            }
            var erased = event
            erased.personal = [.erased(at: erasure)]
            return erased
        }
    }

    private mutating func pick(_ words: String...) -> String { words[Int.random(in: 0..<words.count, using: &random)] }
    private mutating func number(_ bound: Int64) -> Int64 { Int64.random(in: 0..<bound, using: &random) }
    private mutating func deal() -> String { pick("o1", "o2", "o3", "o4", "o5", "o6") }

    /// The moment of the next event: mostly later than the one before, and one in six up to twenty days earlier.
    private mutating func moment() -> Int64 {
        now += number(day)
        return number(6) == 0 ? max(0, now - number(20 * day)) : now
    }

    private mutating func tell(_ type: String, _ data: JSON) { log.deal(deal(), type, at: moment(), data) }

    private mutating func step() {
        switch number(20) {
        case 0: log.publish(pick("sales", "other"), "a", "b", "c", chances: [number(5_000), number(9_000)])
        case 1...3: log.open(deal(), in: pick("a", "b"), of: pick("sales", "other"), at: moment(), number(900))
        case 4...8: move()
        case 9:
            let moment = moment()
            let data: JSON = ["amount": .integer(number(900)), "currency": "CNY", "won_at": .integer(moment)]
            log.deal(deal(), "won", at: moment, data)
        case 10:
            let moment = moment()
            let data: JSON = ["reason_code": "price", "lost_at": .integer(moment), "stage_id": .text(pick("a", "c"))]
            log.deal(deal(), "lost", at: moment, data)
        case 11...12: tell("reopened", ["to_stage_id": .text(pick("a", "b")), "reason": "back", "reverses": "e0"])
        case 13:
            tell("amount_changed", ["old_amount": 1, "new_amount": .integer(number(900)), "currency": "CNY"])
        case 14:
            let day = pick("1970-02-03", "1970-05-06")
            tell("close_date_changed", ["old_date": "1970-03-01", "new_date": .text(day)])
        case 15: tell("owner_assigned", ["owner_id": .text(pick("u1", "u2")), "mode": "manual"])
        case 16: lead()
        case 17...18: relate()
        default: erase()
        }
    }

    private mutating func move() {
        var data: JSON.Members = [
            "from_stage_id": .text(pick("a", "b", "c")), "to_stage_id": .text(pick("a", "b", "c", "z")),
            "direction": .text(pick("forward", "forward", "backward", "lateral")),
        ]
        if number(6) == 0 {
            data["direction"] = "pipeline_move"
            data["to_pipeline_id"] = .text(pick("sales", "other"))
        }
        tell("stage_changed", .object(data))
    }

    private mutating func lead() {
        let lead = pick("l1", "l2", "l3")
        switch number(4) {
        case 0...1: capture(lead)
        case 2:
            log.add(
                "lead.qualified", "lead-" + lead, at: moment(), ["stage": "sql", "criteria_version": 1, "by": "u1"])
        default:
            log.add(
                "lead.converted", "lead-" + lead, at: moment(),
                ["account_id": "acme", "contact_id": "k", "created": ["account"]])
        }
    }

    private mutating func capture(_ lead: String) {
        log.add(
            "lead.captured", "lead-" + lead, at: moment(),
            ["lead_id": .text(lead), "source": .text(pick("web", "fair")), "channel": "web"],
            personal: ["person": ["family_name": "韩"]])
    }

    private mutating func relate() {
        let (survivor, other) = (pick("acme", "final"), pick("umbrella", "acme"))
        guard survivor != other else { return }
        if number(2) == 0 {
            log.add(
                "party.merged", "account-" + survivor, at: moment(),
                [
                    "surviving_id": .text("account-" + survivor), "merged_ids": [.text("account-" + other)],
                    "method": "manual",
                ])
        } else {
            log.add(
                "party.unmerged", "account-" + survivor, at: moment(),
                [
                    "surviving_id": .text("account-" + survivor), "restored_ids": [.text("account-" + other)],
                    "reason": "mistake",
                ])
        }
    }

    /// Erases somebody of whom something personal is known.
    private mutating func erase() {
        let known = Set(log.events.filter { !$0.personal.isEmpty }.map(\.stream.text)).sorted()
        guard let lead = known.randomElement(using: &random) else { return }
        erasures[lead] = Position(UInt64(log.events.count))
        log.add(
            "privacy.subject_erased", "privacy-" + lead, at: moment(),
            [
                "party_ids": [.text(lead)], "purposes": ["sales"], "key_ids": [], "key_fingerprints": [],
                "scope": "person", "legal_basis": "request", "approver_id": "u1", "legal_hold_exceptions": [],
            ])
    }
}
