import CanonicalJSON
import EventModel
import Presentation
import Testing

@Suite struct `An answer as text` {
    @Test func `shows a funnel as bars, in the order of the stages`() {
        #expect(
            ViewText.lines(for: Self.funnel) == [
                "pipeline standard", "",
                "stage                                reached  entered  to next  advanced  won  lost  open"
                    + "   open amount  median stay",
                "discovery  ████████████████████████      200      200   50.0 %       100    0    90    10"
                    + "             –       14.0 d",
                "proposal   ████████████                  100      100        –         0   60    20    20"
                    + "  1,234.56 CNY        3.5 d",
                "", "deals     200 opened, 60 won, 110 lost, 30 open", "win rate  35.3 % (60 of 170)",
                "won       12,345.00 CNY + 7 JPY", "open      –", "cycle     30.0 d median to win, – to lose", "",
                "(sales-funnel v1, up to position 41, newest event 2025-12-31T00:00:00.000Z)",
            ])
    }

    @Test func `shows who is about to leave, and why`() {
        let lines = ViewText.lines(for: Self.churn)
        #expect(lines.first == "as of 2025-12-31: 300 customers, 250 of them bought again, 41 at risk")
        #expect(lines.dropFirst(2).first?.split(separator: "  ").first == "account")
        #expect(
            lines.dropFirst(3).first
                == "a1       75.0 %  █████████    12.3 %  2025-06-01  99,999.00 CNY  p_alive 60.0 %, cadence 40.0 %")
    }

    @Test func `shows a customer on one screen`() {
        let lines = ViewText.lines(for: Self.customer)
        #expect(lines.first == "account a1  上海云帆科技有限公司")
        #expect(lines.contains("orders      2, 30.00 CNY"))
        #expect(lines.contains("scores      nps 9 of 10 on 1970-01-02"))
        #expect(lines.contains("1970-01-02T00:00:00.000Z  order.placed           order-o1         5"))
        #expect(lines.contains("older: add before=5"))
    }

    @Test func `shows a customer's people and what was written, or the marks in their place`() {
        let answer: JSON = [
            "view": "customer-360", "version": 2,
            "row": [
                "identity": ["kind": "account", "id": "a8"],
                "person": ["name": ["value": "李磊", "event": "e1"]],
                "contacts": [
                    "more": false,
                    "entries": [
                        [
                            "contact_id": "c1", "role": "buyer",
                            "person": [
                                "family_name": ["value": "王"], "given_name": ["value": "芳"],
                                "email": ["value": "wang@example.com"],
                            ],
                        ],
                        ["contact_id": "c2", "role": nil, "person": ["erased": ["position": 9]]],
                        ["contact_id": "c3", "person": ["sealed": ["purpose": "identity"]]],
                        [
                            "contact_id": "c4",
                            "person": ["family_name": ["value": "Ash"], "given_name": ["value": "Jo"]],
                        ],
                    ],
                ],
                "timeline": [
                    "entries": [
                        ["position": 3, "type": "ticket.opened", "personal": ["subject": "网关\u{1B}离线"]],
                        ["position": 2, "type": "survey.responded", "personal": ["erased": ["position": 9]]],
                        ["position": 1, "type": "order.placed", "personal": nil],
                    ]
                ],
            ],
        ]
        let lines = ViewText.lines(for: answer)
        #expect(lines.first == "account a8  李磊")
        #expect(lines.contains("c1       王芳      buyer  wang@example.com"))
        #expect(lines.contains("c2       (erased)"))
        #expect(lines.contains("c3       (sealed)"))
        #expect(lines.contains("c4       Jo Ash"))
        #expect(lines.contains { $0.contains("ticket.opened") && $0.hasSuffix("3  网关·离线") })
        #expect(lines.contains { $0.contains("survey.responded") && $0.hasSuffix("2  (erased)") })
        #expect(lines.contains { $0.contains("order.placed") && $0.hasSuffix("1") })
    }

    @Test func `shows the blocks of a customer that say something, and tables of what is many`() {
        let lines = ViewText.lines(for: Self.wholeCustomer)
        for line in [
            "stage         customer since 1970-01-02", "tags          eu, vip", "part of       a0",
            "weighted      4.56 CNY", "first order   2025-03-01", "less returns  25.00 CNY", "on average    12.50 CNY",
            "owes          10.00 CNY, overdue 7.00 CNY for up to 31 days", "instalment    3.00 CNY on 2026-02-01",
            "contracts     1 active, next end 2026-12-31, notice by 2026-10-02",
            "subscribed    2 active, 1.00 CNY a month", "points        80",
            "service       1 open tickets, 2 complaints in 90 days", "engaged       3 times in 30 days",
            "data quality  87.5 %", "leaving       risk 66.4 % (red), P(alive) 12.3 %",
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(lines.contains("consent    email    sms") && lines.contains("marketing  granted  withdrawn"))
        #expect(lines.contains("news       expired  –"))
        #expect(lines.contains("reason to leave   share            severity   age  events"))
        #expect(lines.contains("p_alive          60.0 %  ███████▎    80.0 %     –  7"))
        #expect(lines.contains("complaints       40.0 %  ████▊      100.0 %  14 d  1, 2, 3, 4, …"))
        #expect(lines.contains("stage of life  from        until"))
        #expect(lines.contains("lead           1970-01-01  1970-01-02"))
        #expect(!lines.contains { $0.hasPrefix("margin") || $0.hasPrefix("unapplied") || $0.hasPrefix("merged") })
    }

    @Test func `shows a forecast by method and by category`() {
        let report: JSON = [
            "report": "forecast", "trained_on": 40,
            "forecast": [
                "open_deals": 3, "undated": 1, "without_probability": 0, "open": ["CNY": 1000],
                "weighted": ["CNY": 450], "historical": ["CNY": 333], "naive_bayes": [:],
                "categories": [
                    "commit": [
                        "deals": 1, "amounts": ["CNY": 600], "cumulative_deals": 2, "cumulative_amounts": ["CNY": 900],
                    ]
                ],
            ],
        ]
        let lines = Self.lines(of: report)
        #expect(
            lines.first
                == "3 open deals expected to close, 1 more without a date, 0 without a probability, "
                + "learnt from 40 closed deals")
        #expect(lines.contains("weighted      4.50 CNY") && lines.contains("naive bayes          –"))
        #expect(lines.contains("commit           1  6.00 CNY         2         9.00 CNY"))
        let grouped = Self.lines(of: [
            "report": "forecast", "trained_on": 40,
            "groups": [["key": "ann", "forecast": report["forecast"] ?? .null]],
        ])
        #expect(
            grouped.dropFirst().first
                == "ann             3  10.00 CNY  4.50 CNY    3.33 CNY            –         9.00 CNY")
    }

    @Test func `shows how right a forecast was`() {
        let lines = Self.lines(of: [
            "report": "accuracy",
            "actual": [
                "won": 2, "amounts": ["CNY": 900], "of_forecast": 1, "amounts_of_forecast": ["CNY": 500],
            ],
            "accuracy": ["weighted": ["CNY": ["numerator": 900, "denominator": 1000, "bp": 9000]]],
        ])
        #expect(lines.first == "won       2, 9.00 CNY; 1 of them were in the forecast, 5.00 CNY")
        #expect(lines.contains("weighted  10.00 CNY  9.00 CNY     90.0 %"))
    }

    @Test func `shows a waterfall line by line, with what is taken away`() {
        let waterfall: JSON = [
            "deals": ["opening": 2, "new": 1, "lost": 1, "won": 0, "closing": 2],
            "amounts": ["CNY": ["opening": 100, "new": 50, "lost": 30, "won": 0, "closing": 120]],
        ]
        let lines = Self.lines(of: ["report": "waterfall", "waterfall": waterfall])
        #expect(lines.contains("opening        2   1.00 CNY") && lines.contains("new           +1  +0.50 CNY"))
        #expect(lines.contains("lost          −1  −0.30 CNY") && lines.contains("won            0   0.00 CNY"))
        #expect(lines.contains("closing        2   1.20 CNY"))
        let grouped = Self.lines(of: ["report": "waterfall", "groups": [["key": nil, "waterfall": waterfall]]])
        #expect(grouped.first == "(none)" && grouped.contains("  closing        2   1.20 CNY"))
    }

    @Test func `shows what was put off, and a closed period restated`() {
        let slippage = Self.lines(of: [
            "report": "slippage",
            "slippage": [
                "deals": 9, "pushed_deals": 2, "pushes": 3, "push_days": 60, "pulls": 1, "pull_days": 5,
                "days_per_pushed_deal": ["n": 2, "p50": 20, "p90": 40],
                "farthest": [["opportunity_id": "o7", "pushes": 2, "days": 40, "state": "open"]],
            ],
        ])
        #expect(slippage.contains("all        9        2       3    60          1             5           20"))
        #expect(slippage.contains("o7    all         2    40  open"))
        func part(_ won: Int64) -> JSON {
            [
                "deals": [
                    "opened": 4, "won": .integer(won), "lost": 1, "amounts": ["won": ["CNY": .integer(100 * won)]],
                    "win_rate": ["bp": 5000],
                ]
            ]
        }
        let restated = Self.lines(of: [
            "report": "restatement", "since": 70, "as_first_reported": part(1), "as_now_known": part(2),
            "late_events": 1,
            "events": [["position": 99, "opportunity_id": "o1", "time": 86_400_000, "type": "opportunity.won"]],
        ])
        #expect(restated.contains("all    first reported       4    1     1    50.0 %    1.00 CNY"))
        #expect(restated.contains("all    now known            4    2     1    50.0 %    2.00 CNY"))
        #expect(restated.contains("1 events of the period came after position 70"))
        #expect(restated.contains("      99  1970-01-02   o1    opportunity.won"))
    }

    @Test func `shows how well scores warned, and what customers answered`() {
        let backtest = Self.lines(
            of: [
                "as_of_day": "2025-06-30", "observed_days": 180, "cases": 50, "left": 10, "base_rate_bp": 2000,
                "gone_before": 1_200, "undecided": 3, "without_label": 4,
                "at_k": [
                    [
                        "k": 10, "customers": 10, "hits": 7, "precision_bp": 7000, "recall_bp": 7000,
                        "lead_days_p50": 30,
                    ]
                ],
                "flagged": ["customers": 12, "hits": 8, "precision_bp": 6667, "recall_bp": 8000, "lead_days_p50": nil],
            ], "churn-signals")
        #expect(backtest.first == "scores of 2025-06-30, watched for 180 days: 10 of 50 left (20.0 %)")
        #expect(
            backtest.dropFirst().first
                == "not counted: 1,200 had left before, 3 may yet order, 4 have neither an order nor a contract")
        #expect(backtest.contains("10                   10     7     70.0 %  70.0 %         30 d"))
        #expect(backtest.contains("flagged              12     8     66.7 %  80.0 %            –"))
        let satisfaction = Self.lines(
            of: [
                "nps": [
                    "promoters": 100, "passives": 30, "detractors": 80, "answers": 210, "score_micro": 9_523_810,
                    "standard_error_micro": 6_354_904,
                ],
                "csat": ["answers": 0, "top_two": 0, "share_bp": nil], "ces": ["answers": 1, "mean_milli": 5_000],
                "asked": 400, "responded": 211, "response_rate_bp": 5_275,
            ], "churn-signals")
        #expect(satisfaction.contains("NPS     9.5      210  ± 6.4, 100 promoters, 30 passives, 80 detractors"))
        #expect(satisfaction.contains("CES     5.0        1"))
        #expect(satisfaction.contains("211 of 400 who were asked answered (52.8 %)"))
    }

    @Test func `names the rules and the time zone that an answer rests on`() {
        let answer: JSON = [
            "view": "other", "version": 3, "report": [:], "time_zone": "Asia/Shanghai",
            "rules": [["kind": "pipeline", "rule_id": "sales", "version": 2]],
        ]
        #expect(ViewText.lines(for: answer).last == "(other v3, days of Asia/Shanghai, rules sales v2)")
    }

    private static func lines(of report: JSON, _ view: String = "sales-funnel") -> [String] {
        ViewText.lines(for: ["view": .text(view), "version": 1, "report": report])
    }

    @Test func `shows any other answer member by member`() {
        let answer: JSON = ["view": "other", "version": 3, "report": ["b": ["c": 1, "d": ["x", "y"]], "a": nil]]
        #expect(ViewText.lines(for: answer) == ["a: –", "b:", "  c: 1", "  d: x, y", "", "(other v3)"])
    }

    @Test func `shows rows as a table, what identifies them first`() {
        let lines = Outline.table(of: [["n": 5, "account_id": "a1"], ["n": 12, "account_id": "李雷", "x": true]])
        #expect(lines == ["account_id   n  x   ", "a1           5  –   ", "李雷        12  true"])
    }

    @Test func `never lets control characters through`() {
        let answer: JSON = ["view": "other", "version": 1, "report": ["name": "\u{1B}[2J\u{202E}evil\u{9B}"]]
        #expect(ViewText.lines(for: answer).first == "name: ·[2J·evil·")
    }

    @Test func `cuts an event's line to the width of the terminal`() throws {
        let event = RecordedEvent(
            position: Position(7), stream: try StreamName("account-a1"), revision: Revision(2),
            time: Timestamp(milliseconds: 0), recorded: Timestamp(milliseconds: 0),
            content: EventContent(
                type: "account.classified", key: EventKey(source: "/t", id: "1"), data: Array("{\"value\":\"李雷\"}".utf8)
            ))
        #expect(
            EventText.line(for: event, width: .max)
                == "       7  1970-01-01T00:00:00.000Z  account-a1@2  account.classified  {\"value\":\"李雷\"}")
        #expect(EventText.line(for: event, width: 45) == "       7  1970-01-01T00:00:00.000Z  account-…")
    }

    private static let funnel: JSON = [
        "view": "sales-funnel", "version": 1, "position": 41, "asof": nil, "latest_time": "2025-12-31T00:00:00.000Z",
        "report": [
            "report": "funnel",
            "funnel": [
                "pipelines": [
                    "standard": [
                        "stages": [
                            "proposal": [
                                "ordinal": 2, "reached": 100, "entered": 100, "advanced": 0, "won": 60, "lost": 20,
                                "open": 20,
                                "p50_ms": 302_400_000,
                            ],
                            "discovery": [
                                "ordinal": 1, "reached": 200, "entered": 200, "advanced": 100, "won": 0, "lost": 90,
                                "open": 10, "p50_ms": 1_209_600_000,
                            ],
                        ],
                        "conversion": ["discovery>proposal": ["numerator": 100, "denominator": 200, "bp": 5000]],
                    ]
                ],
                "deals": [
                    "opened": 200, "won": 60, "lost": 110, "open": 30,
                    "win_rate": ["numerator": 60, "denominator": 170, "bp": 3529],
                ],
            ],
            "open_stages": ["standard": ["proposal": ["deals": 20, "amounts": ["CNY": 123_456]]]],
            "amounts": ["won": ["JPY": 7, "CNY": 1_234_500], "open": [:]],
            "cycle": ["won": ["n": 60, "p50_ms": 2_592_000_000], "lost": ["n": 0, "p50_ms": nil]],
        ],
    ]

    private static let churn: JSON = [
        "view": "churn-signals", "version": 1, "position": 7,
        "report": [
            "as_of_day": "2025-12-31", "customers": 300, "with_repeat": 250, "at_risk": 41,
            "churn": [
                [
                    "account_id": "a1", "risk_bp": 7500, "last_day": "2025-06-01", "p_alive_micro": 123_456,
                    "currency": "CNY", "revenue": 9_999_900,
                    "reasons": [["signal": "p_alive", "share_bp": 6000], ["signal": "cadence", "share_bp": 4000]],
                ]
            ],
        ],
    ]

    private static let customer: JSON = [
        "view": "customer-360", "version": 1, "position": 9,
        "row": [
            "identity": ["kind": "account", "id": "a1", "leads": ["l1"]],
            "profile": [
                "name": ["value": "上海云帆科技有限公司", "event": "e1"], "industry": ["value": "retail", "event": "e1"],
            ],
            "classification": ["tier": ["value": "a", "event": "e2"]], "owner": nil, "events": 9,
            "first_touch_ms": 0, "last_touch_ms": 86_400_000,
            "pipeline": ["open": 0, "amount": [:]], "won": ["opportunities": 1, "revenue": ["CNY": 500]],
            "commerce": ["orders": 2, "revenue": ["CNY": 3000], "paid": [:]],
            "scores": ["nps": ["score": 9, "scale_max": 10, "time_ms": 86_400_000], "csat": nil, "ces": nil],
            "timeline": [
                "entries": [
                    [
                        "position": 5, "time_ms": 86_400_000, "type": "order.placed", "channel": nil,
                        "stream": "order-o1",
                    ]
                ],
                "next": 5,
            ],
        ],
    ]

    private static let wholeCustomer: JSON = [
        "view": "customer-360", "version": 3,
        "row": [
            "identity": ["kind": "account", "id": "a1", "merged": []], "tags": ["vip": [:], "eu": [:]],
            "parent_account": ["id": "a0"],
            "lifecycle": [
                "stage": "customer", "since_ms": 86_400_000,
                "intervals": [
                    ["stage": "lead", "from_ms": 0, "until_ms": 86_400_000],
                    ["stage": "customer", "from_ms": 86_400_000, "until_ms": nil],
                ],
            ],
            "pipeline": ["open": 1, "amount": ["CNY": 1000], "weighted_amount": ["CNY": 456]],
            "commerce": [
                "first_order_date": "2025-03-01", "orders": 2, "revenue": ["CNY": 3000], "net_revenue": ["CNY": 2500],
                "average_order_value": ["CNY": 1250], "margin": nil, "unapplied": [:],
                "receivables": [
                    "open": ["CNY": 1000], "overdue": ["CNY": 700], "overdue_invoices": 1, "days_overdue_max": 31,
                ],
                "next_instalment": ["amount": 300, "currency": "CNY", "due_date": "2026-02-01"],
            ],
            "contracts": [
                "active": 1, "next_end": ["date": "2026-12-31"], "notice_deadline": ["date": "2026-10-02"],
            ],
            "subscriptions": ["active": 2, "mrr": ["CNY": 100]],
            "loyalty": ["points": 80, "memberships": [["member_id": "m", "points": 80]]],
            "service": ["open_tickets": 1, "complaints_90d": 2, "sla_breaches_90d": 0],
            "marketing": ["engagement_30d": 3], "quality": ["score_bp": 8750],
            "consent": [
                "marketing": ["email": ["state": "granted"], "sms": ["state": "withdrawn"]],
                "news": ["email": ["state": "expired"]],
            ],
            "churn": [
                "risk_bp": 6638, "band": "red", "p_alive_micro": 123_000,
                "reasons": [
                    ["signal": "p_alive", "share_bp": 6000, "severity_bp": 8000, "evidence": [7]],
                    [
                        "signal": "complaints", "share_bp": 4000, "severity_bp": 10_000, "age_days": 14,
                        "evidence": [1, 2, 3, 4, 5],
                    ],
                ],
            ],
        ],
    ]
}
