import CRMEvents
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
    private var merges = MergeMap<PartyKey>()

    /// All ties, for questions about everybody.
    init(_ snapshot: ViewSnapshot, _ moment: Moment) throws(ViewError) {
        try snapshot.forEach(ChurnSignals.ties) { key, row throws(ViewError) in
            add(key, row, moment)
            return true
        }
        judge()
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
                if assertions.contains(where: { $0.kind.identity != nil }) { waiting.append(key.second) }
            }
            if !found.isEmpty { back[next] = found }
        }
        judge()
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
    func survivor(of party: PartyKey) -> PartyKey { merges.survivor(of: party) }

    /// Who is part of whom by what was said about identity.
    private mutating func judge() {
        var said: [MergeMap<PartyKey>.Assertion] = []
        for (part, entries) in back {
            for (whole, assertions) in entries {
                said += assertions.compactMap { assertion in
                    assertion.kind.identity.map { .init(position: assertion.position, $0, of: part, whole) }
                }
            }
        }
        // Dictionaries have no order, and an answer has one.
        merges = MergeMap(said.sorted { $0.part.name < $1.part.name })
    }

    /// Everybody whose facts are the account's: itself first, then who was merged into it or converted to it, and the
    /// people who were ever linked to them, with the times of their links.
    func members(of account: PartyKey, in zone: CivilZone) -> [Member] {
        let parties = closure(of: [account])
        let accounts = Set(parties.filter { $0.kind == .account })
        var seen = Set(parties)
        var members = parties.map { Member(party: $0, links: nil) }
        for party in parties where party.kind == .account {
            for entry in forward[party] ?? [] where entry.other.kind == .contact && !seen.contains(entry.other) {
                let person = closure(of: [person(of: entry.other)])
                let links = Links(to: accounts, of: person.map { ($0, back[$0] ?? []) }, in: zone)
                members += person.filter { seen.insert($0).inserted }.map { Member(party: $0, links: links) }
            }
        }
        return members
    }

    /// The contact that stands for this one now.
    private func person(of contact: PartyKey) -> PartyKey {
        var current = contact
        while let above = merges.parent(of: current), above.kind == .contact { current = above }
        return current
    }

    /// Some parties and all that became part of them, each once.
    private func closure(of roots: [PartyKey]) -> [PartyKey] {
        var found: [PartyKey] = []
        var seen: Set<PartyKey> = []
        var waiting = roots
        while let party = waiting.popLast() {
            guard seen.insert(party).inserted else { continue }
            found.append(party)
            waiting += (forward[party] ?? []).map(\.other).filter { merges.parent(of: $0) == party }
        }
        return found
    }

    /// A party that counts for an account.
    struct Member {
        var party: PartyKey
        /// When the person was linked; `nil` for who counts always.
        var links: Links?
    }
}

extension PartyKey {
    /// Before every party in key order.
    static let first = PartyKey(.account, "")
}

extension TieRow.Kind {
    /// What it says of who is whom; `nil` for a contact's link.
    var identity: MergeMap<PartyKey>.Kind? {
        switch self {
        case .merged: .merged
        case .restored: .restored
        case .converted: .converted
        case .linked, .linkedAsDecisionMaker, .unlinked, .unlinkedAsDecisionMaker: nil
        }
    }
}

extension TieRow {
    fileprivate func known(at moment: Moment) -> [Assertion] {
        assertions.filter { moment.includes($0.position, $0.time) }
    }
}
