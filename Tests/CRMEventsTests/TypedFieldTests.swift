import CRMEvents
import CanonicalJSON
import EventModel
import Testing

/// Each compares the typed fields of a full example with what the example says.
@Suite struct `Typed fields` {
    private func full(_ type: String) throws -> CRMEvent.Body {
        let example = try Example.of(type)
        return try decoded(type, example.stream, example.full).body
    }

    @Test func `of accounts`() throws {
        if case .account(.created(let event)) = try full("account.created") {
            #expect(event.accountID == "42" && !event.naturalPerson && event.name == "Acme")
            #expect(event.legalName == "Acme Ltd" && event.domain == "acme.example" && event.industry == "retail")
            #expect(event.employeeCount == 12 && event.annualRevenue == 99_000 && event.currency == "CNY")
            #expect(event.ownerID == "u7" && event.source == "fair")
        } else {
            Issue.record("account.created")
        }
        if case .account(.updated(let event)) = try full("account.updated") {
            #expect(event.changes.map(\.field) == ["industry", "employee_count"])
            #expect(event.changes.map(\.new) == ["finance", 13])
        } else {
            Issue.record("account.updated")
        }
        if case .account(.classified(let event)) = try full("account.classified") {
            #expect(event.scheme == "tier" && event.value == "a")
        } else {
            Issue.record("account.classified")
        }
        if case .account(.ownerAssigned(let event)) = try full("account.owner_assigned") {
            #expect(event.ownerID == "u7" && event.teamID == "t1")
        } else {
            Issue.record("account.owner_assigned")
        }
    }

    @Test func `of leads`() throws {
        if case .lead(.captured(let event)) = try full("lead.captured") {
            #expect(event.leadID == "9" && event.source == "fair" && event.channel == "web")
            #expect(event.campaignID == "k3" && event.companyName == "Acme")
        } else {
            Issue.record("lead.captured")
        }
        if case .lead(.assigned(let event)) = try full("lead.assigned") {
            #expect(event.ownerID == "u7")
        } else {
            Issue.record("lead.assigned")
        }
        if case .lead(.disqualified(let event)) = try full("lead.disqualified") {
            #expect(event.reason == "no_budget")
        } else {
            Issue.record("lead.disqualified")
        }
        if case .lead(.converted(let event)) = try full("lead.converted") {
            #expect(event.accountID == "42" && event.contactID == "17" && event.opportunityID == "o5")
        } else {
            Issue.record("lead.converted")
        }
    }

    @Test func `of a deal's opening`() throws {
        guard case .opportunity(.opened(let event)) = try full("opportunity.opened") else {
            Issue.record("opportunity.opened")
            return
        }
        #expect(event.opportunityID == "o5" && event.accountID == "42" && event.name == "Seats")
        #expect(event.pipelineID == "standard" && event.pipelineVersion == 1 && event.stageID == "s1")
        #expect(event.amount == 167_580 && event.currency == "CNY" && event.probability == 1500)
        #expect(event.expectedCloseDate == "2024-02-29" && event.ownerID == "u7" && event.type == "new")
        #expect(event.source == "fair" && event.campaignID == "k3" && event.leadID == "9")
    }

    @Test func `of a deal's way`() throws {
        if case .opportunity(.stageChanged(let event)) = try full("opportunity.stage_changed") {
            #expect(event.fromStageID == "s1" && event.toStageID == "s2")
            #expect(event.direction == "pipeline_move" && event.toPipelineID == "enterprise")
        } else {
            Issue.record("opportunity.stage_changed")
        }
        if case .opportunity(.amountChanged(let event)) = try full("opportunity.amount_changed") {
            #expect(event.oldAmount == 5 && event.newAmount == 7 && event.currency == "JPY")
        } else {
            Issue.record("opportunity.amount_changed")
        }
        if case .opportunity(.closeDateChanged(let event)) = try full("opportunity.close_date_changed") {
            #expect(event.oldDate == "2024-02-29" && event.newDate == "2024-03-31")
        } else {
            Issue.record("opportunity.close_date_changed")
        }
        if case .opportunity(.ownerAssigned(let event)) = try full("opportunity.owner_assigned") {
            #expect(event.ownerID == "u7")
        } else {
            Issue.record("opportunity.owner_assigned")
        }
    }

    @Test func `of a deal's end`() throws {
        if case .opportunity(.won(let event)) = try full("opportunity.won") {
            #expect(event.amount == 5 && event.currency == "CNY")
            #expect(event.wonAt == 1_708_133_666_786 && event.orderID == "r9")
        } else {
            Issue.record("opportunity.won")
        }
        if case .opportunity(.lost(let event)) = try full("opportunity.lost") {
            #expect(event.reasonCode == "price" && event.competitor == "Other Ltd")
            #expect(event.lostAt == 1_708_133_666_786 && event.stageID == "s2")
        } else {
            Issue.record("opportunity.lost")
        }
        if case .opportunity(.reopened(let event)) = try full("opportunity.reopened") {
            #expect(event.toStageID == "s2" && event.reason == "renegotiated")
        } else {
            Issue.record("opportunity.reopened")
        }
    }

    @Test func `of touches`() throws {
        if case .interaction(.recorded(let event)) = try full("interaction.recorded") {
            #expect(event.interactionID == "i1" && event.channel == "meeting" && event.direction == "internal")
            #expect(event.partyIDs == ["contact-17", "account-42"] && event.opportunityID == "o5")
            #expect(event.leadID == "9" && event.campaignID == "k3" && event.startedAt == 1_704_199_250_484)
            #expect(event.duration == 0 && event.outcome == "held")
        } else {
            Issue.record("interaction.recorded")
        }
        if case .interaction(.emailEngaged(let event)) = try full("email.engaged") {
            #expect(event.messageID == "i1" && event.partyID == "account-42" && event.kind == "clicked")
            #expect(event.campaignID == "k3" && event.botSuspected)
        } else {
            Issue.record("email.engaged")
        }
        if case .behavior(.tracked(let event)) = try full("behavior.tracked") {
            #expect(event.partyID == nil && event.anonymousID == "a1" && event.name == "page_viewed")
        } else {
            Issue.record("behavior.tracked")
        }
        if case .survey(.responded(let event)) = try full("survey.responded") {
            #expect(event.surveyID == "nps.1" && event.partyID == "account-42" && event.kind == "nps")
            #expect(event.score == 9 && event.scaleMax == 10)
        } else {
            Issue.record("survey.responded")
        }
    }

    @Test func `of trade`() throws {
        if case .order(.placed(let event)) = try full("order.placed") {
            #expect(event.orderID == "r9" && event.number == "SO-9" && event.accountID == "42")
            #expect(event.total == 167_580 && event.currency == "CNY" && event.channel == "app")
            #expect(event.placedAt == 1_704_204_833_883)
        } else {
            Issue.record("order.placed")
        }
        if case .order(.cancelled(let event)) = try full("order.cancelled") {
            #expect(event.reason == "customer_request" && event.lines.map(\.lineID) == ["1"])
            #expect(event.lines.map(\.quantityMilli) == [1000])
        } else {
            Issue.record("order.cancelled")
        }
        if case .payment(.received(let event)) = try full("payment.received") {
            #expect(event.paymentID == "p1" && event.accountID == "42" && event.amount == 5)
            #expect(event.currency == "CNY" && event.method == "wechat_pay")
            #expect(event.valueDate == "2024-01-03" && event.kind == "deposit")
        } else {
            Issue.record("payment.received")
        }
        if case .campaign(.created(let event)) = try full("campaign.created") {
            #expect(event.campaignID == "k3" && event.name == "Spring" && event.type == "tender")
        } else {
            Issue.record("campaign.created")
        }
    }

    @Test func `of a pipeline`() throws {
        guard case .rule(.published(let event)) = try full("rule.published") else {
            Issue.record("rule.published")
            return
        }
        #expect(event.ruleID == "standard" && event.kind == "pipeline" && event.version == 2)
        #expect(event.effectiveFrom == 1_704_068_040_236)
        #expect(event.stages.map(\.stageID) == ["s1", "s2", "s3"] && event.stages.map(\.ordinal) == [1, 4, 4])
        #expect(event.stages[0].name == "First" && event.stages[0].probability == 1500)
        #expect(event.stages[1].targetDuration == 86_400 && event.stages[2].name == nil)
    }
}
