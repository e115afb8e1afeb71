import CanonicalJSON
import Crypto
import EventModel
import ProjectionRuntime

extension BenchmarkModel {
    static func get(_ key: String, _ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON? {
        nil
    }

    static func scan(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> ViewPage {
        ViewPage(rows: [], next: nil)
    }

    /// The answer in the form of the expected files: totals, the hash of the per-account CSV, the funnel.
    static func report(_ parameters: ViewParameters, in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        var (accounts, unattributed) = try parties(in: snapshot)
        let deals = try FunnelAnswer(in: snapshot)
        deals.credit(&accounts)
        try snapshot.forEach(ticketTable) { _, ticket in
            if ticket.isOpen { accounts[ticket.account].openTickets += 1 }
            return true
        }
        try snapshot.forEach(nobodysTable) { type, row in
            unattributed[type, default: 0] += row.count
            return true
        }
        let asOf = Int64((snapshot.latestTime ?? Timestamp(milliseconds: 0)).day.daysSinceEpoch)
        var csv = AccountTable()
        accounts.forEachById { csv.add($0, $1, asOf: asOf) }
        return [
            "accounts": .integer(Int64(accounts.count)), "accounts_csv_sha256": .text(csv.hash),
            "totals": .object(csv.totals), "funnel": deals.answer,
            "unattributed": .object(unattributed.filter { $0.value > 0 }.mapValues { .integer($0) }),
            "funnel_sha256": .text(
                AccountTable.hexadecimal(SHA256.hash(data: deals.answer.canonicalBytes))),
        ]
    }

    /// Every account's row, with those of the leads that became it; and what belongs to leads that never did.
    private static func parties(
        in snapshot: ViewSnapshot
    ) throws(ViewError) -> (Accounts, [String: Int64]) {
        var accounts = Accounts()
        var unattributed: [String: Int64] = [:]
        try snapshot.forEach(accountTable) { account, row in
            accounts[account].row = row
            return true
        }
        var converted: [String: String] = [:]
        try snapshot.forEach(conversionTable) { names, _ in
            let parts = names.split(separator: "/", maxSplits: 1)
            converted[String(parts[1])] = String(parts[0])
            return true
        }
        try snapshot.forEach(leadTable) { lead, row in
            if let account = converted[lead] {
                accounts[account].add(history: row)
            } else {
                for place in row.counts.indices where row.counts[place] > 0 {
                    unattributed[BenchmarkColumns.types[place], default: 0] += row.counts[place]
                }
            }
            return true
        }
        return (accounts, unattributed)
    }
}

/// The figures of accounts, one after the other as they came, and where those of each lie.
struct Accounts {
    private var ids: [String] = []
    private var figures: [AccountFigures] = []
    private var places: [String: Int] = [:]

    var count: Int { ids.count }

    /// The figures of an account, which begin with nothing.
    subscript(id: String) -> AccountFigures {
        mutating get { figures[place(of: id)] }
        _modify { yield &figures[place(of: id)] }
    }

    /// Hands out all of them. Ids are ASCII, so texts order like their bytes.
    func forEachById(_ body: (String, AccountFigures) -> Void) {
        for place in ids.indices.sorted(by: { ids[$0] < ids[$1] }) { body(ids[place], figures[place]) }
    }

    private mutating func place(of id: String) -> Int {
        if let place = places[id] { return place }
        places[id] = ids.count
        ids.append(id)
        figures.append(AccountFigures())
        return ids.count - 1
    }
}

/// An account's row with what other rows say about it.
struct AccountFigures {
    var row = PartyRow()
    var openDeals: Int64 = 0
    var openAmount: Int64 = 0
    var wonDeals: Int64 = 0
    var wonAmount: Int64 = 0
    var openTickets: Int64 = 0

    /// Adds what happened before a lead became the account.
    mutating func add(history lead: PartyRow) {
        for place in row.counts.indices { row.counts[place] += lead.counts[place] }
        row.lastEvent = max(row.lastEvent, lead.lastEvent)
        if let first = lead.firstTouch { row.firstTouch = min(row.firstTouch ?? first, first) }
        if let last = lead.lastTouch { row.lastTouch = max(row.lastTouch ?? last, last) }
    }
}

/// The per-account CSV, hashed while it grows.
struct AccountTable {
    private var digest = SHA256()
    private var sums = [Int64](repeating: 0, count: BenchmarkColumns.names.count)
    private var line: [UInt8] = []
    private var column = 0

    init() { digest.update(data: Array((BenchmarkColumns.names.joined(separator: ",") + "\n").utf8)) }

    var hash: String { Self.hexadecimal(digest.finalize()) }

    var totals: JSON.Members {
        let notSummed: Set = ["account_id", "first_touch", "last_touch", "last_event", "last_nps"]
        return JSON.Members(
            zip(BenchmarkColumns.names, sums).filter { !notSummed.contains($0.0) }.map { ($0, .integer($1)) })
    }

    static func hexadecimal(_ digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    mutating func add(_ account: String, _ figures: AccountFigures, asOf: Int64) {
        let row = figures.row
        let first = row.days.first?.day
        let count = Int64(row.days.count)
        let repeated = row.revenue - (row.days.first?.money ?? 0)
        line.removeAll(keepingCapacity: true)
        line += account.utf8
        column = 0
        for place in row.counts.indices { put(row.counts[place]) }
        let values = [
            row.firstTouch, row.lastTouch, row.lastEvent, figures.openDeals, figures.openAmount, figures.wonDeals,
            figures.wonAmount, row.revenue, row.paid, figures.openTickets, row.score, count,
            first.map { _ in count - 1 }, first.map { (row.days.last?.day ?? $0) - $0 }, first.map { asOf - $0 },
            repeated,
            count > 1 ? (2 * repeated + count - 1) / (2 * (count - 1)) : nil,
        ]
        for value in values { put(value) }
        line.append(UInt8(ascii: "\n"))
        digest.update(data: line)
    }

    /// Appends the value of the next column and adds it to the column's sum. Nearly all have one digit.
    private mutating func put(_ value: Int64?) {
        column += 1
        line.append(UInt8(ascii: ","))
        guard let value else { return }
        sums[column] += value
        if 0..<10 ~= value { line.append(UInt8(ascii: "0") + UInt8(value)) } else { line += String(value).utf8 }
    }
}
