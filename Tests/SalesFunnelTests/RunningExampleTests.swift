import CanonicalJSON
import EventModel
import Testing

@testable import SalesFunnel

/// The six cases of READ_MODELS 14.2 with their times (W. van der Aalst, Process Mining, 2011, table 1.1;
/// pm4py `tests/input_data/running-example.csv`). The expected figures are those of that page.
private let cases = """
    3: register 30T14:32, casually 30T15:06, check 30T16:34, decide 06T09:18, reinitiate 06T12:18, \
    thoroughly 06T13:06, check 08T11:43, decide 09T09:55, won 15T10:45
    2: register 30T11:32, check 30T12:12, casually 30T14:16, decide 05T11:22, won 08T12:05
    1: register 30T11:02, thoroughly 31T10:06, check 05T15:12, decide 06T11:18, lost 07T14:24
    6: register 06T15:02, casually 06T16:06, check 07T16:22, decide 07T16:52, won 16T11:47
    5: register 06T09:02, casually 07T10:16, check 08T11:22, decide 10T13:28, reinitiate 11T16:18, check 14T14:33, \
    casually 16T15:50, decide 19T11:18, reinitiate 20T12:48, casually 21T09:06, check 21T11:34, decide 23T13:12, \
    lost 24T14:56
    4: register 06T15:02, check 07T12:06, thoroughly 08T14:43, decide 09T12:02, lost 12T15:44
    """

private let process = pipeline(
    ("register", 1), ("casually", 2), ("thoroughly", 3), ("check", 4), ("decide", 5), ("reinitiate", 6))

@Suite struct `The six-case process of READ_MODELS 14.2` {
    let deals: [DealRow]

    init() throws {
        deals = try cases.split(separator: "\n").map { line in
            let steps = try line.split(separator: ": ")[1].split(separator: ", ").map { step in
                let words = step.split(separator: " ")
                let isDecember = words[1].hasPrefix("30T") || words[1].hasPrefix("31T")
                let time = try #require(Timestamp((isDecember ? "2010-12-" : "2011-01-") + words[1] + ":00+01:00"))
                return (word: String(words[0]), time: time.milliseconds)
            }
            var row = deal(steps[0].word, opened: steps[0].time)
            for (word, time) in steps.dropFirst() {
                let change: Change = word == "won" ? won() : word == "lost" ? .lost() : to(word)
                row.take(change, at: time)
            }
            return row
        }
    }

    @Test(arguments: [
        "register 6 6 6 0 0 0 64 1514", "casually 6 4 6 0 0 0 1456 8466", "thoroughly 3 3 3 0 0 0 2797 7506",
        "check 9 6 6 3 0 0 1597 9644", "decide 9 6 3 0 3 3 1626 12655", "reinitiate 3 2 0 3 0 0 1218 4215",
    ])
    func `has these visits, entries, exits and minutes per stage`(row: String) throws {
        let answer = try report([:], over: deals, pipelines: [("sales", process)])
        let words = row.split(separator: " ").map(String.init)
        let counts = answer.stage(words[0], "visits", "entered", "advanced", "regressed", "won", "lost")
        let times = answer.stage(words[0], "p50_ms", "p90_ms").map { $0.map { $0 / minute } }
        #expect(counts + times == words.dropFirst().map { Int64($0) })
    }

    @Test func `has these cycles`() throws {
        let answer = try report(["report": "deals"], over: deals, pipelines: [("sales", process)])
        #expect(answer.at("deals", "cycle", "closed", "p50_ms")?.integer == 12_993 * minute)
        #expect(answer.at("deals", "cycle", "closed", "p90_ms")?.integer == 26_274 * minute)
        #expect(answer.at("deals", "cycle", "won", "p50_ms")?.integer == 14_205 * minute)
        #expect(answer.at("deals", "win_rate")?.canonicalText == #"{"bp":5000,"denominator":6,"numerator":3}"#)
    }

    @Test(arguments: [(nil, [6, 4, 3, 3, 2]), (7, [6, 4, 3, 3, 0])] as [(Int64?, [Int64])])
    func `has this ordered funnel, without a window and within days`(days: Int64?, expected: [Int64]) throws {
        let steps: JSON = "register,casually,check,decide,won"
        let answer = try report(
            ["report": "path", "steps": steps, "within_days": .from(days)], over: deals,
            pipelines: [("sales", process)])
        #expect(answer["path"]?.elements?.map { $0["deals"]?.integer } == expected)
    }
}
