/// Names and codes that the demo chooses from. Its people stand in ``DemoPeople``.
enum DemoNames {
    static let cities = ["上海", "深圳", "杭州", "北京", "成都", "苏州", "广州", "青岛"]
    static let brands = ["云帆", "晨光", "远山", "青禾", "启明", "博雅", "金穗", "海潮", "同舟", "恒信", "江南"]
    static let trades = ["科技有限公司", "贸易有限公司", "精密制造有限公司", "医疗器械有限公司", "物流有限公司"]
    static let first = [
        "Harbour", "Northgate", "Silver Birch", "Kestrel", "Bluewater", "Highfield", "Juniper", "Meridian", "Oakridge",
        "Pinnacle", "Redwood", "Stonebridge", "Willow Creek",
    ]
    static let second = ["Logistics", "Foods", "Instruments", "Medical", "Textiles", "Energy", "Robotics"]
    static let third = ["Ltd", "Group", "Inc", "& Sons"]
    static let industries = ["manufacturing", "retail", "healthcare", "logistics", "software", "energy"]

    static let stages: [(id: String, name: String, probability: Int64, days: Int64)] = [
        ("discovery", "Discovery", 1000, 14), ("proposal", "Proposal", 3000, 21),
        ("negotiation", "Negotiation", 6000, 21), ("contract", "Contract", 8500, 10),
    ]
    static let owners = ["u1", "u2", "u3", "u4", "u5"]
    /// She takes over from `u3`, who leaves on day 400.
    static let successor = "u6"
    static let sources: [(name: String, channel: String)] = [
        ("organic_search", "web"), ("paid_search", "web"), ("wechat", "social"), ("trade_fair", "event"),
        ("referral", "referral"), ("tender", "tender"), ("cold_call", "call"),
    ]
    typealias Campaign = (id: String, name: String, type: String, day: Int)
    static let campaigns: [Campaign] = [
        ("spring-24", "Spring newsletter 2024", "email", 75), ("canton-24", "广交会 2024", "event", 105),
        ("summer-24", "Summer newsletter 2024", "email", 180), ("double11-24", "双十一 2024", "email", 305),
        ("spring-25", "Spring newsletter 2025", "email", 440), ("canton-25", "广交会 2025", "event", 470),
        ("summer-25", "Summer newsletter 2025", "email", 545), ("autumn-25", "Autumn newsletter 2025", "email", 630),
        ("double11-25", "双十一 2025", "email", 670),
    ]
    static let products: [(id: String, price: Int)] = [
        ("sensor-a", 18_900), ("sensor-b", 42_500), ("gateway", 129_000), ("licence", 99_900), ("service-day", 240_000),
    ]
    /// What quotes are about.
    static let solution = "solution"
    static let staff: [(id: String, team: String, role: String)] = [
        ("u1", "sales", "sales_rep"), ("u2", "sales", "sales_rep"), ("u3", "sales", "sales_rep"),
        ("u4", "sales", "sales_rep"), ("u5", "sales", "sales_rep"), ("u6", "sales", "sales_rep"),
        ("u7", "sales", "sales_lead"), ("u8", "board", "managing_director"), ("u9", "marketing", "marketer"),
        ("u10", "finance", "controller"), ("u11", "support", "agent"),
    ]
    static let articles: [(id: String, title: String, language: String)] = [
        ("pair-gateway", "How to pair a gateway", "en"), ("calibrate", "传感器校准步骤", "zh-CN"),
        ("import-devices", "Importing devices in bulk", "en"), ("read-alarms", "告警说明", "zh-CN"),
    ]
    static let partners: [(id: String, kind: String, territory: String)] = [
        ("huadong", "channel", "华东"), ("boards", "supplier", "深圳"), ("nordic", "alliance", "Nordics"),
    ]
    static let lostReasons = ["price", "competitor", "no_decision", "timing", "missing_feature"]
    static let pages = ["login", "report_viewed", "catalogue_opened", "price_list_opened", "export_started"]

    /// Whether a customer is a person who buys for a business of their own.
    static func isPerson(_ number: Int) -> Bool { number % 20 == 7 }

    /// The name of the company with a number; two of three are Chinese.
    static func company(_ number: Int) -> (name: String, isChinese: Bool) {
        let index = number / 3
        guard number % 3 != 2 else {
            let name = "\(first[index % 13]) \(second[index % 7]) \(third[index % 4])"
            return (name, false)
        }
        let wide = number - index
        return (cities[wide % 8] + brands[wide % 11] + trades[wide % 5], true)
    }
}
