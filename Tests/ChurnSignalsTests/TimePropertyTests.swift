import CanonicalJSON
import ChurnSignals
import EventModel
import SeededRandom
import Testing

@testable import ProjectionRuntime

/// Random histories of everything that bears on staying, with late events, merges and links, and erased persons.
@Suite struct `Any history of customers` {
    private static let start = CivilDay("2025-06-01")?.daysSinceEpoch ?? 0

    private static func history(_ random: inout SplitMix64, count: Int) -> OrderLog {
        var log = OrderLog()
        var days: [Int] = []
        for index in 0..<count {
            days.append(start + Int(random.next() % 365))
            tell(index, days, &log, &random)
        }
        return log
    }

    /// What comes after something in its stream happens on the same day or later: of an earlier time than the first
    /// event of a stream nobody would know whose it is.
    private static func tell(_ index: Int, _ days: [Int], _ log: inout OrderLog, _ random: inout SplitMix64) {
        let day = CivilDay(daysSinceEpoch: days[index])
        let account = "a\(random.next() % 6)"
        let party = ["account-" + account, "contact-k\(random.next() % 3)", "lead-l\(random.next() % 2)"][
            Int(random.next() % 3)]
        let before = Int(random.next() % UInt64(index + 1))
        let known = "\(before)"
        let date = day.description
        let after = CivilDay(daysSinceEpoch: max(days[index], days[before])).description
        switch random.next() % 24 {
        case 22:
            log.record(
                "contact.created", "contact-k\(random.next() % 3)", on: date, ["contact_id": "k"],
                personal: ["family_name": "王"])
        case 23: erase("contact-k\(random.next() % 3)", on: after, &log)
        case 0...4: log.place("\(index)", by: account, on: date, Int64(random.next() % 900), "EUR")
        case 5: log.cancel(known, on: after)
        case 6: log.ticket("\(index)", of: account, on: date, kind: random.next() % 2 == 0 ? "complaint" : "problem")
        case 7: log.promise(on: known, day: after, isKept: random.next() % 2 == 0)
        case 8: log.answer("s\(random.next() % 3)", by: party, on: date, Int64(random.next() % 11))
        case 9...10:
            log.interact("\(index)", with: party, on: date, random.next() % 2 == 0 ? "in" : "out", outcome: "held")
        case 11: log.invoice("\(index)", to: account, on: date, due: date, Int64(random.next() % 900))
        case 12: log.pay("\(index)", by: account, on: date, invoice: known, Int64(random.next() % 900))
        case 13: log.contract("\(index)", with: account, from: date, to: "2026-07-01", notice: 30)
        case 14: log.endContract(known, on: after)
        case 15: log.subscribe("\(index)", account, on: date)
        case 16: log.subscription(known, becomes: random.next() % 2 == 0 ? "paused" : "canceled", on: after)
        case 17: log.use(account, on: day, days: 1 + Int(random.next() % 40), Int64(random.next() % 90_000))
        case 18: log.own(account, by: "u\(random.next() % 3)", on: date)
        case 19:
            log.link(
                "k\(random.next() % 3)", to: account, on: date, role: random.next() % 2 == 0 ? "decision_maker" : nil,
                active: random.next() % 3 > 0)
        case 20:
            let survivor = "account-a\(random.next() % 6)"
            if random.next() % 2 == 0 {
                log.merge("account-" + account, into: survivor, on: date)
            } else {
                log.unmerge("account-" + account, from: survivor, on: date)
            }
        default:
            log.record(
                "consent.withdrawn", "consent-" + party, on: date,
                ["party_id": .text(party), "purpose": "m", "channel": "email", "trigger": "subject"])
        }
    }

    private static func erase(_ party: String, on day: String, _ log: inout OrderLog) {
        log.record(
            "privacy.subject_erased", "privacy-" + party, on: day,
            [
                "party_ids": [.text(party)], "purposes": ["service"], "key_ids": [], "key_fingerprints": [],
                "scope": "person", "legal_basis": "request", "approver_id": "u1", "legal_hold_exceptions": [],
            ])
    }

    /// Everything that the view says about everybody on a day.
    private func everything(_ view: FoldedOrders, _ parameters: JSON.Members) throws -> [JSON] {
        let rows = try view.scan(.object(parameters.merging(["limit": 10_000]) { $1 })).rows
        let alone = try rows.compactMap { row in
            try row["account_id"]?.text.map { try view.customer($0, .object(parameters)) ?? .null }
        }
        #expect(Self.difference(rows, alone) == "")
        return rows + [try view.report(.object(parameters))]
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `has the same rows however it is committed and shared out, and whoever was erased`(
        seed: UInt64
    ) async throws {
        var random = SplitMix64(seed: seed)
        let log = Self.history(&random, count: 500)
        let erased = log.afterErasures
        #expect(erased.contains { $0.personal.contains { if case .erased = $0 { true } else { false } } })
        let whole = try await FoldedOrders(erased, partitionCount: 1)
        for partitionCount in [1, 2, 3, 64] {
            // The live view saw everybody, as they came; a rebuild finds marks in their place.
            let live = try await FoldedOrders(
                log.events, committingEvery: 1 + Int(random.next() % 90), partitionCount: partitionCount)
            let rebuilt = try await FoldedOrders(erased, partitionCount: partitionCount)
            #expect(live.stateHash == whole.stateHash, "seed \(seed), \(partitionCount) partitions")
            #expect(rebuilt.stateHash == whole.stateHash, "seed \(seed), \(partitionCount) partitions")
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `answers as of a day as if later events had not happened`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let log = Self.history(&random, count: 400)
        let view = try await FoldedOrders(log.events)
        for _ in 0..<3 {
            let day = CivilDay(daysSinceEpoch: Self.start + 60 + Int(random.next() % 300))
            let end = Timestamp(milliseconds: day.start.milliseconds + 86_399_999)
            let bounded = try await FoldedOrders(log.events, asOf: end)
            let parameters: JSON.Members = ["as_of_day": .text(day.description)]
            let (found, expected) = (try everything(view, parameters), try everything(bounded, parameters))
            let difference = Self.difference(found, expected)
            #expect(difference == "", "seed \(seed), \(day)")
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `answers as known at a position as if the log ended there`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let log = Self.history(&random, count: 400)
        let view = try await FoldedOrders(log.afterErasures)
        for _ in 0..<3 {
            let position = 100 + Int(random.next() % 300)
            let truncated = try await FoldedOrders(Array(log.events.prefix(position + 1)))
            let known: JSON.Members = ["as_of_day": "2026-06-30", "known_at": .from(position)]
            let found = try everything(view, known).map(Self.withoutCoordinate)
            let expected = try everything(truncated, ["as_of_day": "2026-06-30"]).map(Self.withoutCoordinate)
            let difference = Self.difference(found, expected)
            #expect(difference == "", "seed \(seed), position \(position)")
        }
    }

    /// What a customer page borrows: the block of its own moment, from rows that have gone on.
    @Test(arguments: 7...12 as ClosedRange<UInt64>)
    func `answers of an earlier pair of position and time as a fold up to there`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let log = Self.history(&random, count: 400)
        let view = try await FoldedOrders(log.afterErasures)
        for _ in 0..<4 {
            let position = 100 + Int(random.next() % 300)
            let milliseconds = Int64(Self.start) * 86_400_000 + Int64(random.next() % (370 * 86_400_000))
            let time = random.next() % 2 == 0 ? Timestamp(milliseconds: milliseconds) : nil
            let bounded = try await FoldedOrders(Array(log.events.prefix(position + 1)), asOf: time)
            let narrowed = ViewSnapshot(view.snapshot, asOf: bounded.snapshot)
            for account in 0..<6 {
                let parameters = try ViewParameters(["fields": "own"])
                let found = try ChurnSignals.get("a\(account)", parameters, in: narrowed)
                let expected = try ChurnSignals.get("a\(account)", parameters, in: bounded.snapshot)
                let difference = Self.difference([found ?? .null], [expected ?? .null])
                #expect(
                    difference == "",
                    "seed \(seed), position \(position), time \(time?.description ?? "any"), a\(account)")
            }
        }
    }

    /// The members that differ in the first pair of answers that do; empty if all are equal.
    private static func difference(_ found: [JSON], _ expected: [JSON]) -> String {
        guard found != expected else { return "" }
        guard let (left, right) = zip(found, expected).first(where: { $0 != $1 }),
            case .object(let members) = left
        else { return "\(found.count) and \(expected.count) answers" }
        let names = members.keys.sorted().filter { left[$0] != right[$0] }
        return names.map { "\($0): \(left[$0] ?? .null) and \(right[$0] ?? .null)" }.joined(separator: "; ")
    }

    /// The answer without the position that was asked for, which it repeats.
    private static func withoutCoordinate(_ answer: JSON) -> JSON {
        guard case .object(var members) = answer else { return answer }
        members["known_at"] = nil
        return .object(members)
    }

    @Test func `keeps long histories in rows of bounded size`() async throws {
        var log = OrderLog()
        let first = try #require(CivilDay("2020-01-01"))
        for index in 0..<700 {
            let day = CivilDay(daysSinceEpoch: first.daysSinceEpoch + index)
            log.place("\(index)", by: "a", on: day.description, 100)
            log.interact("\(index)", with: "account-a", on: day.description, "in")
            log.interact("again\(index)", with: "account-a", on: day.description, "in")
        }
        let view = try await FoldedOrders(log)
        let row = try #require(try view.customer("a"))
        #expect(row["order_days"] == 700 && row["orders"] == 700)
        #expect(try view.customer("a", ["as_of_day": "2020-04-09"])?["order_days"] == 100)
    }
}

@Suite struct `Satisfaction` {
    @Test func `counts the last answer of a party to a survey`() async throws {
        var log = OrderLog()
        for (index, score) in [9, 10, 7, 3, 6].enumerated() {
            log.record(
                "survey.sent", "survey-s-account-a\(index)", on: "2026-01-01",
                ["survey_id": "s", "version": 1, "kind": "nps", "party_id": .text("account-a\(index)")])
            log.answer("s", by: "account-a\(index)", on: "2026-01-0\(index + 2)", Int64(score))
        }
        log.record(
            "survey.sent", "survey-s-account-z", on: "2026-01-01",
            ["survey_id": "s", "version": 1, "kind": "nps", "party_id": "account-z"])
        log.answer("s", by: "account-a3", on: "2026-01-20", 9)
        log.answer("c", by: "account-a1", on: "2026-01-20", 4, kind: "csat", of: 5)
        log.answer("c", by: "account-a2", on: "2026-01-20", 3, kind: "csat", of: 5)
        log.answer("e", by: "account-a2", on: "2026-01-20", 5, kind: "ces", of: 7)
        let view = try await FoldedOrders(log)
        let report = try view.report(["kind": "satisfaction"])
        // 9 10 7 9 6: three promoters, one passive, one detractor: 40, with v = 0.4.
        #expect(report["nps"]?["score_micro"] == 40_000_000 && report["nps"]?["answers"] == 5)
        #expect(report["nps"]?["standard_error_micro"] == 35_777_088)
        #expect(report["csat"]?["share_bp"] == 5_000 && report["csat"]?["mean_milli"] == 3_500)
        #expect(report["ces"]?["mean_milli"] == 5_000)
        #expect(report["asked"] == 6 && report["responded"] == 5 && report["response_rate_bp"] == 8_333)
        let before = try view.report(["kind": "satisfaction", "as_of_day": "2026-01-10", "survey_id": "s"])
        #expect(before["nps"]?["detractors"] == 2 && before["csat"]?["answers"] == 0)
        let late = try view.report(["kind": "satisfaction", "from_day": "2026-01-06"])
        #expect(late["nps"]?["answers"] == 2 && late["csat"]?["top_two"] == 1)
    }
}
