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
}
