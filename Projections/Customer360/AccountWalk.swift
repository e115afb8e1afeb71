import ProjectionRuntime

/// Walks through the ids of all accounts, also of those that are known from nothing but a lead's conversion or a
/// contact's link, in ascending order.
struct AccountWalk {
    /// Ids that are fetched from each table at a time.
    private static let stepCount = 256

    private var from: String
    /// The last id that was handed out or is about to be.
    private var last: String?
    private var ids: [String] = []
    private var isAtEnd = false

    init(from: String) { self.from = from }

    mutating func next(in snapshot: ViewSnapshot) throws(ViewError) -> String? {
        if ids.isEmpty, !isAtEnd { try fetch(in: snapshot) }
        return ids.popLast()
    }

    private mutating func fetch(in snapshot: ViewSnapshot) throws(ViewError) {
        var found: [[String]] = [[], [], []]
        try snapshot.forEach(Customer360.partyTable, from: .account(from)) { (key, _) throws(ViewError) -> Bool in
            guard key.kind == .account else { return false }
            return Self.add(key.id, to: &found[0])
        }
        try snapshot.forEach(Customer360.leadLinkTable, from: LeadLinkKey(account: from, lead: "")) {
            (key, _) throws(ViewError) -> Bool in Self.add(key.account, to: &found[1])
        }
        try snapshot.forEach(Customer360.contactLinkTable, from: ContactLinkKey(account: from, contact: "")) {
            (key, _) throws(ViewError) -> Bool in Self.add(key.account, to: &found[2])
        }
        // A table that was not read to its end says nothing about what comes after its last id.
        let bound = found.filter { $0.count == Self.stepCount }.compactMap(\.last).min()
        ids = Set(found.joined()).filter { id in
            (bound.map { id <= $0 } ?? true) && (last.map { id > $0 } ?? true)
        }.sorted(by: >)
        isAtEnd = bound == nil
        last = bound
        from = bound ?? from
    }

    private static func add(_ id: String, to ids: inout [String]) -> Bool {
        if ids.last != id { ids.append(id) }
        return ids.count < stepCount
    }

    /// Accounts that leads or contacts name and that have no event of their own: one point read per link.
    static func countWithoutEvents(in snapshot: ViewSnapshot) throws(ViewError) -> Int64 {
        var ids: Set<String> = []
        func look(_ account: String) throws(ViewError) {
            guard !ids.contains(account), try snapshot.row(Customer360.partyTable, .account(account)) == nil else {
                return
            }
            ids.insert(account)
        }
        try snapshot.forEach(Customer360.leadLinkTable) { (key, _) throws(ViewError) -> Bool in
            try look(key.account)
            return true
        }
        try snapshot.forEach(Customer360.contactLinkTable) { (key, _) throws(ViewError) -> Bool in
            try look(key.account)
            return true
        }
        return Int64(ids.count)
    }
}
