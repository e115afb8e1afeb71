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
    /// The party that each has become part of.
    private var parents: [PartyKey: PartyKey] = [:]

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
                if assertions.contains(where: \.kind.isIdentity) { waiting.append(key.second) }
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
    func survivor(of party: PartyKey) -> PartyKey {
        var current = party
        while let next = parents[current] { current = next }
        return current
    }

    /// Takes the assertions about identity in the order of the log. The last one about a party holds: should the
    /// survivor of a merge have been part of the merged party, that is over. An unmerge takes a party out of the one
    /// that it names, whatever it was merged into on the way, and out of no other. Conversions are never taken back,
    /// but a later merge goes before one.
    private mutating func judge() {
        var said: [(position: UInt64, kind: TieRow.Kind, first: PartyKey, second: PartyKey)] = []
        for (second, entries) in back {
            for entry in entries {
                for assertion in entry.assertions where assertion.kind.isIdentity {
                    said.append((assertion.position, assertion.kind, entry.other, second))
                }
            }
        }
        said.sort { ($0.position, $0.second.name) < ($1.position, $1.second.name) }
        var accounts: [PartyKey: PartyKey] = [:]
        var restored: (position: UInt64, parties: [PartyKey]) = (0, [])
        for (position, kind, first, second) in said {
            // Who is part of whom is looked at before the first party of an unmerge is taken out.
            if position != restored.position {
                takeOut(restored.parties, accounts)
                restored = (position, [])
            }
            switch kind {
            case .restored:
                if isPart(second, of: first, accounts) { restored.parties.append(second) }
            case .converted:
                accounts[second] = first
                join(second, to: first)
            default: join(second, to: first)
            }
        }
        takeOut(restored.parties, accounts)
    }

    /// Whether a party was merged into another, whatever it was merged into on the way; a conversion is no merge.
    private func isPart(_ party: PartyKey, of whole: PartyKey, _ accounts: [PartyKey: PartyKey]) -> Bool {
        var current = party
        while let above = parents[current], above != accounts[current] {
            if above == whole { return true }
            current = above
        }
        return false
    }

    /// Lets parties stand alone, leads with the account that they were converted to.
    private mutating func takeOut(_ parties: [PartyKey], _ accounts: [PartyKey: PartyKey]) {
        for party in parties {
            parents[party] = nil
            if let account = accounts[party] { join(party, to: account) }
        }
    }

    /// Makes one party part of another, which is part of the first one no more. So no way up ever leads in a circle.
    private mutating func join(_ party: PartyKey, to parent: PartyKey) {
        var above = parent
        while let next = parents[above], next != party { above = next }
        if parents[above] == party { parents[parent] = nil }
        parents[party] = parent
    }

    /// Everybody whose facts are the account's: itself first, then who was merged into it or converted to it, and its
    /// contacts with the times of their links.
    func members(of account: PartyKey, in zone: CivilZone) -> [Member] {
        let parties = closure(of: [account])
        var contacts: [PartyKey] = []
        var links: [PartyKey: [Links]] = [:]
        for party in parties where party.kind == .account {
            for entry in forward[party] ?? [] where entry.other.kind == .contact && parents[entry.other] != party {
                if links[entry.other] == nil { contacts.append(entry.other) }
                links[entry.other, default: []].append(Links(to: party, of: back[entry.other] ?? [], in: zone))
            }
        }
        let people = closure(of: contacts)
        let own = links
        // A contact that was merged into another counts while either of them is linked.
        for contact in people {
            var current = contact
            while let next = parents[current] {
                links[contact, default: []] += own[next] ?? []
                current = next
            }
        }
        return parties.map { Member(party: $0, links: nil) } + people.map { Member(party: $0, links: links[$0]) }
    }

    /// Some parties and all that became part of them, each once.
    private func closure(of roots: [PartyKey]) -> [PartyKey] {
        var found: [PartyKey] = []
        var seen: Set<PartyKey> = []
        var waiting = roots
        while let party = waiting.popLast() {
            guard seen.insert(party).inserted else { continue }
            found.append(party)
            for entry in forward[party] ?? [] where parents[entry.other] == party { waiting.append(entry.other) }
        }
        return found
    }

    /// A party that counts for an account.
    struct Member {
        var party: PartyKey
        /// When a contact was linked; `nil` for who counts always.
        var links: [Links]?
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
