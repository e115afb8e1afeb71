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
        try deals.credit(&accounts)
        try snapshot.forEach(ticketTable) { _, ticket in
            if ticket.isOpen { accounts[ticket.account, default: AccountFigures()].openTickets += 1 }
            return true
        }
        try snapshot.forEach(nobodysTable) { type, row in
            unattributed[type, default: 0] += row.count
            return true
        }
        let asOf = Int64((snapshot.latestTime ?? Timestamp(milliseconds: 0)).day.daysSinceEpoch)
        var csv = AccountTable()
        // Ids are ASCII, so texts order like their bytes.
        for account in accounts.keys.sorted() {
            if let figures = accounts[account] { csv.add(account, figures, asOf: asOf) }
        }
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
    ) throws(ViewError) -> ([String: AccountFigures], [String: Int64]) {
        var accounts: [String: AccountFigures] = [:]
        var unattributed: [String: Int64] = [:]
        try snapshot.forEach(accountTable) { account, row in
            accounts[account] = AccountFigures(row)
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
                accounts[account, default: AccountFigures()].add(history: row)
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

/// An account's row with what other rows say about it.
struct AccountFigures {
    var row: PartyRow
    var openDeals: Int64 = 0
    var openAmount: Int64 = 0
    var wonDeals: Int64 = 0
    var wonAmount: Int64 = 0
    var openTickets: Int64 = 0

    init(_ row: PartyRow = PartyRow()) { self.row = row }

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
        var values: [Int64?] = row.counts.indices.map { row.counts[$0] }
        values += [
            row.firstTouch, row.lastTouch, row.lastEvent, figures.openDeals, figures.openAmount, figures.wonDeals,
            figures.wonAmount, row.revenue, row.paid, figures.openTickets, row.score, count,
            first.map { _ in count - 1 }, first.map { (row.days.last?.day ?? $0) - $0 }, first.map { asOf - $0 },
            repeated,
            count > 1 ? (2 * repeated + count - 1) / (2 * (count - 1)) : nil,
        ]
        line.removeAll(keepingCapacity: true)
        line += account.utf8
        for (place, value) in values.enumerated() {
            line.append(UInt8(ascii: ","))
            guard let value else { continue }
            line += String(value).utf8
            sums[place + 1] += value
        }
        line.append(UInt8(ascii: "\n"))
        digest.update(data: line)
    }
}
