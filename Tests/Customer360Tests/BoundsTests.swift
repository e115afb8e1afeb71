import CanonicalJSON
import Testing

@Suite struct `As known then and as of then` {
    private var history: History {
        var history = History()
        history.lead("9", minute: 0)
        history.deal("o1", of: "42", amount: 100, minute: 10)
        history.move("o1", to: "proposal", minute: 5)  // late
        history.convert("9", to: "42", minute: 20)
        history.win("o1", 100)  // minute 4, by its position
        return history
    }

    @Test func `before its conversion was recorded a lead's events are its own`() async throws {
        let then = try await Customers(history, at: 2)
        #expect(try await then.customer("42")?.at("identity.leads") == [])
        #expect(try await then.report()["leads"] == ["open": 1, "converted": 0])
        #expect(try await then.customer("42")?.at("pipeline.open") == 1)
    }

    @Test func `a step whose stream had not begun by then belongs to nobody`() async throws {
        let then = try await Customers(history, asOf: 7)
        #expect(try await then.customer("42") == nil)
        #expect(try await then.report()["unattributed"]?["counts"]?["opportunity.stage_changed"] == 1)
    }
}
