import CivilTime
import ProjectionRuntime

/// Which parties are one customer, as asserted by a moment.
///
/// Merges and conversions hold for the whole history; a contact counts for an account while it is linked.
struct Ties {
    typealias Entry = (other: PartyKey, assertions: [TieRow.Assertion])

    /// By survivor or account.
    private var forward: [PartyKey: [Entry]] = [:]
    /// By merged party, lead or contact.
    private var back: [PartyKey: [Entry]] = [:]

    /// All ties, for questions about everybody.
    init(_ snapshot: ViewSnapshot, _ moment: Moment) throws(ViewError) {
        try snapshot.forEach(ChurnSignals.ties) { key, row throws(ViewError) in
            add(key, row, moment)
            return true
        }
    }

    /// The ties that concern one party, found by following them: as many reads as there are parties.
    init(around party: PartyKey, in snapshot: ViewSnapshot, _ moment: Moment) throws(ViewError) {
        var seen: Set<PartyKey> = []
        var waiting = [party]
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted else { continue }
            var found: [Entry] = []
            try snapshot.forEach(ChurnSignals.ties, of: next) { key, row in
                found.append((key.second, row.known(at: moment)))
                waiting.append(key.second)
            }
            if !found.isEmpty { forward[next] = found }
            found = []
            try snapshot.forEach(ChurnSignals.tiesBack, of: next) { key, row in
                let assertions = row.known(at: moment)
                found.append((key.second, assertions))
                // A contact's other employers are not the same customer.
                if assertions.contains(where: \.kind.isIdentity) { waiting.append(key.second) }
            }
            if !found.isEmpty { back[next] = found }
        }
    }

    private mutating func add(_ key: TieKey, _ row: TieRow, _ moment: Moment) {
        let assertions = row.known(at: moment)
        guard !assertions.isEmpty else { return }
        forward[key.first, default: []].append((key.second, assertions))
        back[key.second, default: []].append((key.first, assertions))
    }

    /// Accounts that are named by ties, in any order.
    var accounts: [PartyKey] { forward.keys.filter { $0.kind == .account } }

    /// Whether nobody ever said anything about the party.
    func isAlone(_ party: PartyKey) -> Bool { forward[party] == nil && back[party] == nil }

    /// The party that stands for this one now; itself unless it was merged or converted.
    func survivor(of party: PartyKey) -> PartyKey {
        var seen: Set<PartyKey> = [party]
        var current = party
        while let next = parent(of: current), seen.insert(next).inserted { current = next }
        return current
    }

    /// What the newest assertion about the party's identity says; conversions are never taken back.
    private func parent(of party: PartyKey) -> PartyKey? {
        var newest: (position: UInt64, parent: PartyKey?)?
        for entry in back[party] ?? [] {
            for assertion in entry.assertions where assertion.kind.isIdentity {
                if let newest, assertion.position < newest.position { continue }
                newest = (assertion.position, assertion.kind == .restored ? nil : entry.other)
            }
        }
        return newest?.parent
    }

    /// Everybody whose facts are the account's: itself first, then who was merged into it or converted to it, and its
    /// contacts with the times of their links.
    func members(of account: PartyKey, in zone: CivilZone) -> [Member] {
        var members = [Member(party: account, links: nil)]
        var seen: Set<PartyKey> = [account]
        var index = 0
        while index < members.count {
            let (party, links) = (members[index].party, members[index].links)
            index += 1
            for entry in forward[party] ?? [] {
                if parent(of: entry.other) == party, seen.insert(entry.other).inserted {
                    members.append(Member(party: entry.other, links: links))
                } else if party.kind == .account, entry.other.kind == .contact {
                    members.append(Member(party: entry.other, links: Links(entry.assertions, in: zone)))
                }
            }
        }
        return members
    }

    /// A party that counts for an account.
    struct Member {
        var party: PartyKey
        /// When a contact was linked; `nil` for who counts always.
        var links: Links?
    }
}

extension PartyKey {
    /// Before every party in key order.
    static let first = PartyKey(.account, "")
}

extension TieRow.Kind {
    /// Whether it says who is whom.
    var isIdentity: Bool { self == .merged || self == .restored || self == .converted }
}

extension TieRow {
    fileprivate func known(at moment: Moment) -> [Assertion] {
        assertions.filter { moment.includes($0.position, $0.time) }
    }
}
