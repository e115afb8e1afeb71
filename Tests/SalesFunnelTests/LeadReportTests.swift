import CanonicalJSON
import ProjectionRuntime
import Testing

@testable import SalesFunnel

@Suite struct `The report on leads` {
    private func lead(_ source: String?, _ steps: (Int64, LeadChange)...) -> LeadRow {
        let facts = source.map { LeadFacts(source: $0, channel: "web") } ?? LeadFacts(source: "-", channel: "other")
        var row = LeadRow(facts: facts)
        for (index, step) in steps.enumerated() { row.add(step.1, at: step.0, position: Int64(10 * index)) }
        return row
    }

    private var leads: [LeadRow] {
        [
            lead("paid", (0, .captured), (1, .assigned(to: "ann")), (2, .qualified(stage: "mql")), (9, .converted)),
            lead("paid", (day, .captured), (day + 3, .converted)),
            lead("paid", (40 * day, .captured), (41 * day, .qualified(stage: "mql")), (42 * day, .disqualified)),
            lead(nil, (2 * day, .captured), (day, .converted)),
            lead(
                "organic", (3 * day, .captured), (4 * day, .qualified(stage: "mql")),
                (5 * day, .qualified(stage: "sal"))),
            lead(nil, (7, .converted)),
        ]
    }

    private func ask(_ parameters: JSON) throws -> JSON {
        let query = try LeadQuery(try ViewParameters(parameters))
        return query.report(over: leads.compactMap { LeadHistory(id: "l1", row: $0, query.cut) })
    }

    @Test func `counts how far they came`() throws {
        let answer = try ask([:])
        #expect(
            answer["leads"]?.canonicalText
                == #"{"captured":5,"conversion":{"bp":6000,"denominator":5,"numerator":3},"converted":3,"#
                + #""disqualified":1,"open":1,"out_of_order":1,"qualified":3,"qualified_stages":{"mql":3,"sal":1},"#
                + #""recycled":0,"#
                + #""to_convert":{"n":3,"p50_ms":3,"p90_ms":9}}"#)
        #expect(answer["without_capture"] == 1)
    }

    @Test func `groups by source, channel, owner and month`() throws {
        #expect(try ask(["group_by": "source"]).groups("leads", "converted") == ["- 1", "organic 0", "paid 2"])
        #expect(try ask(["group_by": "channel"]).groups("leads", "captured") == ["other 1", "web 4"])
        #expect(try ask(["group_by": "owner"]).groups("leads", "captured") == ["- 4", "ann 1"])
        #expect(try ask(["group_by": "month"]).groups("leads", "captured") == ["1970-01 4", "1970-02 1"])
        #expect(try ask(["group_by": "month_converted"]).groups("leads", "captured") == ["- 2", "1970-01 3"])
    }

    @Test func `selects by period and property, and stops at a day`() throws {
        #expect(try ask(["from": "1970-01-02", "to": "1970-01-04"]).at("leads", "captured") == 2)
        #expect(try ask(["source": "paid"]).at("leads", "captured") == 3)
        #expect(try ask(["source": "paid", "owner": "ann"]).at("leads", "converted") == 1)
        #expect(try ask(["campaign": "c1"]).at("leads", "captured") == 0)
        let then = try ask(["as_of": "1970-01-01"])
        #expect(then.at("leads", "captured") == 1 && then.at("leads", "converted") == 1)
        #expect(try ask(["as_of": "1970-02-11"]).at("leads", "disqualified") == 0)
        #expect(try ask(["as_of": "1970-02-12"]).at("leads", "disqualified") == 1)
    }
}
