/// What people write in the demo, in the language of the customer: Chinese first, English second.
enum DemoTexts {
    typealias Text = (chinese: String, english: String)

    static let inquiries: [Text] = [
        ("请给我们报一个 50 台的价格。", "Please quote us for fifty sensors."),
        ("想了解网关能否接入我们的系统。", "Can the gateway talk to our plant software?"),
        ("我们在展会上见过你们的产品，想安排一次演示。", "We saw you at the fair and would like a demonstration."),
        ("有没有冷库用的型号？", "Do you have a model for cold stores?"),
    ]
    static let calls: [Text] = [
        ("跟进报价，客户要求延长付款期", "Followed up on the quote; asks for longer terms of payment"),
        ("讨论了明年的采购计划", "Talked about next year's purchases"),
        ("客户对交付速度很满意", "Happy with how fast we delivered"),
        ("介绍了新网关的功能", "Presented what the new gateway can do"),
        ("约定下个月现场拜访", "Agreed on a visit next month"),
    ]
    static let complaints: [Text] = [
        ("客户抱怨响应太慢，考虑换供应商", "Complains about slow answers and thinks of changing supplier"),
        ("预算被削减，暂停采购", "Budget was cut, purchases are on hold"),
    ]
    static let ticketSubjects: [Text] = [
        ("网关离线，无法上传数据", "Gateway is offline and sends no data"),
        ("传感器读数偏高两度", "Sensor reads two degrees too high"),
        ("发票抬头写错了", "The invoice has the wrong company name"),
        ("如何批量导入设备？", "How do we import devices in bulk?"),
        ("收到的货少了一台", "One unit is missing from the delivery"),
    ]
    static let goodComments: [Text] = [
        ("服务很好，回复及时。", "Quick answers, kind people."), ("产品稳定，会继续合作。", "It just works. We will order again."),
        ("安装指导很清楚。", "The installation guide is clear."),
    ]
    static let badComments: [Text] = [
        ("等了一个星期才有人回复。", "We waited a week for an answer."), ("价格比别家高。", "Others are cheaper."),
        ("同样的问题出现了三次。", "The same fault came back three times."),
    ]
    static let taskTitles: [Text] = [
        ("给客户回电确认方案", "Call back about the proposal"), ("准备合同条款", "Prepare the terms of the contract"),
        ("寄送样品", "Send samples"),
    ]
    static let approvalComments: [Text] = [
        ("同意，注意毛利。", "Agreed. Keep an eye on the margin."), ("同意。", "Fine with me."),
    ]
    static let refusals: [Text] = [
        ("折扣过高，请重新报价。", "The discount is too high. Quote again."),
        ("请先确认交期。", "Settle the date of delivery first."),
    ]
    static let lostNotes: [Text] = [
        ("客户选择了本地供应商", "They chose a supplier nearby"), ("预算推迟到明年", "Their budget moved to next year"),
        ("负责人离职，项目停止", "Our contact left and the project stopped"),
    ]
    static let releaseNotes: [Text] = [
        ("多次联系未果，放回公海", "Could not reach them after several tries"),
        ("暂无需求，明年再看", "No need at present; look again next year"),
    ]
}

/// Names of the demo's people. Their telephone numbers and addresses belong to nobody: `example` domains are kept for
/// documentation (RFC 2606), and so are the numbers (Ofcom's for drama; a Beijing exchange that does not exist).
enum DemoPeople {
    static let familyNames = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"]
    static let givenNames = ["芳", "伟", "敏", "静", "磊", "洋", "晓明", "丽华", "建国", "雪梅", "志强"]
    static let surnames = ["Ashworth", "Bennett", "Clarke", "Dawson", "Ellison", "Foster", "Granger", "Holloway"]
    static let firstNames = ["Alice", "Brian", "Catherine", "Daniel", "Emma", "Frank", "Grace"]
    static let titles = ["purchasing manager", "plant engineer", "managing director", "head of quality"]
    static let roles = ["decision_maker", "user", "influencer", "buyer"]

    /// A person by number: the same number, the same person.
    struct Person {
        let family: String
        let given: String
        let email: String
        let phone: String
        let title: String

        init(_ number: Int, isChinese: Bool) {
            let tail = String(1000 + number % 9000)
            if isChinese {
                family = familyNames[number % familyNames.count]
                given = givenNames[number / 3 % givenNames.count]
                phone = "+86105555" + tail
                email = "user\(number)@example.cn"
            } else {
                family = surnames[number % surnames.count]
                given = firstNames[number / 3 % firstNames.count]
                phone = "+447700900" + tail.suffix(3)
                email = "\(given.lowercased()).\(family.lowercased())\(number)@example.com"
            }
            title = titles[number % titles.count]
        }
    }
}

extension Dice {
    /// One of the texts, in a customer's language.
    mutating func text(_ texts: [DemoTexts.Text], isChinese: Bool) -> String {
        let text = pick(texts)
        return isChinese ? text.chinese : text.english
    }

    /// 64 lower-case hexadecimal digits, as of a document that does not exist.
    mutating func digest() -> String {
        (0..<4).map { _ in
            let digits = String(next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
