import CanonicalJSON
import Testing

@Suite struct `Somebody not yet identified` {
    /// A visitor, before anybody knows who that is: five events, two of which name no party by its stream.
    private var visits: History {
        var history = History()
        history.account("42")
        history.visit("party-v1", by: nil)
        history.visit("party-v1", by: "party-v1")
        history.visit("party-v1", by: nil)
        history.talk("i1", with: ["party-v1"])
        history.mail("i1", reaches: "party-v1")
        return history
    }

    private func identify(_ history: inout History, as party: String) {
        history.add(
            "party.merged", party,
            ["surviving_id": .text(party), "merged_ids": ["party-v1"], "method": "rule"])
    }

    @Test func `has a page, and belongs to no account`() async throws {
        let customers = try await Customers(visits)
        #expect(try await customers.report().at("unattributed.events") == 5)
        #expect(try await customers.customer("42")?["events"] == 1)
        let page = try #require(try await customers.customer("party-v1"))
        #expect(page["events"] == 5 && page.at("identity.kind") == "anonymous")
        #expect(page.at("counts") == ["behavior.tracked": 3, "interaction.recorded": 1, "email.engaged": 1])
    }

    @Test func `is the account from the merge on, with everything that was done before`() async throws {
        var history = visits
        identify(&history, as: "account-42")
        history.visit("party-v1", by: nil)
        let customers = try await Customers(history)
        let page = try #require(try await customers.customer("42"))
        #expect(page.positions == [7, 6, 5, 4, 3, 2, 1, 0])
        #expect(page.at("marketing.first_touch.position") == 1 && page.at("marketing.last_touch.position") == 7)
        #expect(try await customers.customer("party-v1") == page)
        #expect(try await customers.report()["unattributed"] == ["events": 0, "counts": [:]])
        #expect(try await customers.scan().rows.map { $0["counts"]?["behavior.tracked"] } == [4])
        let before = try await Customers(history, at: 5)
        #expect(try await before.customer("42")?["events"] == 1)
        #expect(try await before.report().at("unattributed.events") == 5)
    }

    @Test func `is nobody again after an unmerge`() async throws {
        var history = visits
        identify(&history, as: "account-42")
        history.add(
            "party.unmerged", "account-42",
            ["surviving_id": "account-42", "restored_ids": ["party-v1"], "reason": "mistake"])
        let customers = try await Customers(history)
        #expect(try await customers.customer("42")?["counts"]?["behavior.tracked"] == nil)
        #expect(try await customers.report().at("unattributed.events") == 5)
    }

    @Test func `belongs to an account by way of a lead once that is converted`() async throws {
        var history = visits
        history.lead("9")
        identify(&history, as: "lead-9")
        let open = try await Customers(history)
        #expect(try await open.customer("lead-9")?["counts"]?["behavior.tracked"] == 3)
        #expect(try await open.report()["unattributed"]?["counts"]?["behavior.tracked"] == 3)
        history.convert("9", to: "42")
        let converted = try await Customers(history)
        #expect(try await converted.customer("42")?["counts"]?["behavior.tracked"] == 3)
        #expect(try await converted.report().at("unattributed.events") == 0)
    }
}
