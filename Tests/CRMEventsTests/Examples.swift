import CanonicalJSON
import Testing

/// One event type with the least and the most that its public data may say.
struct Example: Sendable, CustomTestStringConvertible {
    let type: String
    let stream: String
    let minimal: JSON
    let full: JSON

    var testDescription: String { type }

    /// All types, in the order of the catalog's groups.
    static let all = parties + leads + deals + touches + trade

    static func of(_ type: String) throws -> Example { try #require(all.first { $0.type == type }) }

    static let parties = [
        Example(
            type: "account.created", stream: "account-42", minimal: ["account_id": "42", "name": "Acme"],
            full: [
                "account_id": "42", "natural_person": false, "name": "Acme", "legal_name": "Acme Ltd",
                "unified_credit_code": "91310115G75H9BR601", "domain": "acme.example", "industry": "retail",
                "employee_count": 12, "annual_revenue": 99_000, "currency": "CNY", "owner_id": "u7",
                "source": "fair", "external_ids": [["system": "erp", "id": "d1"]],
            ]),
        Example(
            type: "account.updated", stream: "account-42", minimal: ["changes": []],
            full: [
                "changes": [
                    ["field": "industry", "old": nil, "new": "finance"],
                    ["field": "employee_count", "old": 12, "new": 13],
                ], "reason": "enrich",
            ]),
        Example(
            type: "account.classified", stream: "account-42", minimal: ["scheme": "tier", "value": "a"],
            full: ["scheme": "tier", "value": "a", "previous": "b", "rule_version": 2]),
        Example(
            type: "account.owner_assigned", stream: "account-42",
            minimal: ["owner_id": "u7", "mode": "manual"],
            full: [
                "owner_id": "u7", "previous_owner_id": "u6", "team_id": "t1", "mode": "rule", "rule_version": 3,
            ]),
    ]

    static let leads = [
        Example(
            type: "lead.captured", stream: "lead-9",
            minimal: ["lead_id": "9", "source": "fair", "channel": "event"],
            full: [
                "lead_id": "9", "source": "fair", "channel": "web", "company_name": "Acme", "title": "buyer",
                "campaign_id": "k3", "utm_source": "a", "utm_medium": "b", "utm_campaign": "c", "utm_term": "d",
                "utm_content": "e", "referrer_url": "https://a.example/x", "landing_url": "https://b.example/",
                "form_id": "f1", "partner_id": "p5", "external_ref": "x/1", "captured_by": "u8",
            ]),
        Example(
            type: "lead.assigned", stream: "lead-9", minimal: ["owner_id": "u7"],
            full: [
                "owner_id": "u7", "previous_owner_id": "u6", "rule_id": "r1", "rule_version": 2,
                "sla_due_at": 1_704_717_003_522,
            ]),
        Example(
            type: "lead.qualified", stream: "lead-9",
            minimal: ["stage": "mql", "criteria_version": 1, "by": "u7"],
            full: ["stage": "sql", "criteria_version": 1, "by": "u7"]),
        Example(
            type: "lead.disqualified", stream: "lead-9", minimal: ["reason": "spam"], full: ["reason": "no_budget"]),
        Example(
            type: "lead.converted", stream: "lead-9",
            minimal: ["account_id": "42", "contact_id": "17", "created": []],
            full: [
                "account_id": "42", "contact_id": "17", "opportunity_id": "o5", "created": ["account", "contact"],
            ]),
    ]

    static let line: JSON = [
        "line_id": "1", "product_id": "p1", "quantity_milli": 4000, "unit_price": 44_100, "discount": 500,
        "tax": 0, "category": "seats",
    ]

    static let deals = [
        Example(
            type: "opportunity.opened", stream: "opportunity-o5",
            minimal: [
                "opportunity_id": "o5", "account_id": "42", "name": "Seats", "pipeline_id": "standard",
                "pipeline_version": 1, "stage_id": "s1", "owner_id": "u7",
            ],
            full: [
                "opportunity_id": "o5", "account_id": "42", "name": "Seats", "pipeline_id": "standard",
                "pipeline_version": 1, "stage_id": "s1", "amount": 167_580, "currency": "CNY",
                "probability": 1500, "expected_close_date": "2024-02-29", "owner_id": "u7", "type": "new",
                "source": "fair", "campaign_id": "k3", "lead_id": "9", "lines": [line],
            ]),
        Example(
            type: "opportunity.stage_changed", stream: "opportunity-o5",
            minimal: ["from_stage_id": "s1", "to_stage_id": "s2", "direction": "forward"],
            full: [
                "from_stage_id": "s1", "to_stage_id": "s2", "direction": "pipeline_move", "skipped": ["s3"],
                "probability": 3500, "reason": "jump_ahead", "to_pipeline_id": "enterprise",
            ]),
        Example(
            type: "opportunity.amount_changed", stream: "opportunity-o5",
            minimal: ["old_amount": 5, "new_amount": 7, "currency": "JPY"],
            full: ["old_amount": 5, "new_amount": 7, "currency": "JPY", "lines": [line]]),
        Example(
            type: "opportunity.close_date_changed", stream: "opportunity-o5",
            minimal: ["old_date": "2024-02-29", "new_date": "2024-03-31"],
            full: ["old_date": "2024-02-29", "new_date": "2024-03-31", "reason": "budget_cycle"]),
        Example(
            type: "opportunity.owner_assigned", stream: "opportunity-o5",
            minimal: ["owner_id": "u7", "mode": "pool"],
            full: [
                "owner_id": "u7", "previous_owner_id": "u6", "team_id": "t1", "mode": "transfer",
                "rule_version": 3,
            ]),
        Example(
            type: "opportunity.won", stream: "opportunity-o5",
            minimal: ["amount": 5, "currency": "CNY", "won_at": 1_708_133_666_786],
            full: [
                "amount": 5, "currency": "CNY", "won_at": 1_708_133_666_786, "order_id": "r9",
                "contract_id": "c2",
            ]),
        Example(
            type: "opportunity.lost", stream: "opportunity-o5",
            minimal: ["reason_code": "price", "lost_at": 1_708_133_666_786, "stage_id": "s2"],
            full: [
                "reason_code": "price", "lost_at": 1_708_133_666_786, "stage_id": "s2", "competitor": "Other Ltd",
            ]),
        Example(
            type: "opportunity.reopened", stream: "opportunity-o5",
            minimal: ["to_stage_id": "s2", "reason": "renegotiated", "reverses": "01HRE463QTVFF5QPCWWWCW7MBA"],
            full: ["to_stage_id": "s2", "reason": "renegotiated", "reverses": "/crm/sales e-77"]),
    ]

    static let touches = [
        Example(
            type: "interaction.recorded", stream: "interaction-i1",
            minimal: [
                "interaction_id": "i1", "channel": "call", "direction": "in", "party_ids": [],
                "started_at": 1_704_199_250_484,
            ],
            full: [
                "interaction_id": "i1", "channel": "meeting", "direction": "internal",
                "party_ids": ["contact-17", "account-42"], "opportunity_id": "o5", "ticket_id": "t4",
                "campaign_id": "k3", "lead_id": "9", "started_at": 1_704_199_250_484, "duration": 0,
                "outcome": "held", "thread_id": "th1", "external_ref": "<m/1>",
            ]),
        Example(
            type: "email.engaged", stream: "interaction-i1",
            minimal: ["message_id": "i1", "party_id": "account-42", "kind": "opened"],
            full: [
                "message_id": "i1", "party_id": "account-42", "kind": "clicked", "url": "https://a.example/x",
                "campaign_id": "k3", "bot_suspected": true,
            ]),
        Example(
            type: "behavior.tracked", stream: "behavior-party-a1",
            minimal: ["anonymous_id": "a1", "name": "page_viewed"],
            full: [
                "anonymous_id": "a1", "name": "page_viewed", "properties": ["seconds": 4, "deep": ["x": [1]]],
                "session_id": "s1",
            ]),
        Example(
            type: "survey.responded", stream: "survey-nps.1-account-42",
            minimal: ["survey_id": "nps.1", "party_id": "account-42", "kind": "nps", "score": 9, "scale_max": 10],
            full: ["survey_id": "nps.1", "party_id": "account-42", "kind": "nps", "score": 9, "scale_max": 10]),
    ]

    static let trade = [
        Example(
            type: "campaign.created", stream: "campaign-k3",
            minimal: ["campaign_id": "k3", "name": "Spring", "type": "email"],
            full: [
                "campaign_id": "k3", "name": "Spring", "type": "tender", "budget": 100, "currency": "CNY",
                "start_date": "2024-01-01", "end_date": "2024-12-31", "parent_id": "k1", "goal_metric": "leads",
            ]),
        Example(
            type: "order.placed", stream: "order-r9",
            minimal: [
                "order_id": "r9", "number": "SO-9", "account_id": "42", "lines": [], "total": 0,
                "currency": "CNY", "placed_at": 1_704_204_833_883,
            ],
            full: [
                "order_id": "r9", "number": "SO-9", "account_id": "42", "opportunity_id": "o5",
                "contract_id": "c2", "quote_id": "q8", "lines": [line], "total": 167_580, "currency": "CNY",
                "channel": "app", "placed_at": 1_704_204_833_883,
            ]),
        Example(
            type: "order.cancelled", stream: "order-r9", minimal: ["reason": "customer_request"],
            full: ["reason": "customer_request", "lines": [["line_id": "1", "quantity_milli": 1000]]]),
        Example(
            type: "payment.received", stream: "payment-p1",
            minimal: [
                "payment_id": "p1", "account_id": "42", "amount": 5, "currency": "CNY", "method": "wechat_pay",
                "value_date": "2024-01-03", "kind": "receipt",
            ],
            full: [
                "payment_id": "p1", "account_id": "42", "amount": 5, "currency": "CNY", "method": "wechat_pay",
                "value_date": "2024-01-03", "kind": "deposit",
            ]),
        Example(
            type: "rule.published", stream: "rule-standard",
            minimal: [
                "rule_id": "standard", "kind": "pipeline", "version": 1,
                "body": ["stages": [["stage_id": "s1", "ordinal": 1]]], "effective_from": 1_704_068_040_236,
            ],
            full: [
                "rule_id": "standard", "kind": "pipeline", "version": 2, "effective_from": 1_704_068_040_236,
                "supersedes": 1,
                "body": [
                    "stages": [
                        ["stage_id": "s1", "ordinal": 1, "name": "First", "probability": 1500],
                        ["stage_id": "s2", "ordinal": 4, "target_duration": 86_400],
                        ["stage_id": "s3", "ordinal": 4],
                    ]
                ],
            ]),
    ]
}
