import CanonicalJSON
import EventModel

/// The definition of the benchmark's README taken literally: all events are looked at again for every question.
struct Definition {
    private struct Fact {
        let type: String
        let time: Int64
        let account: String?
    }

    private let facts: [Fact]

    init(_ history: History) throws {
        var anchors: [String: (account: String?, lead: String?)] = [:]
        var conversions: [String: String] = [:]
        var owners: [(account: String?, lead: String?)] = []
        for event in history.events {
            let stream = event.stream.text
            let data = try JSON(parsing: event.content.data)
            var (account, lead) = Self.named(data)
            if stream.hasPrefix("account-"), account == nil { account = String(stream.dropFirst(8)) }
            if stream.hasPrefix("lead-"), lead == nil { lead = String(stream.dropFirst(5)) }
            if let anchor = anchors[stream] {
                if account == nil { (account, lead) = (anchor.account, lead ?? anchor.lead) }
            } else {
                anchors[stream] = (account, lead)
            }
            if event.content.type == "lead.converted", let lead { conversions[lead] = account }
            owners.append((account, lead))
        }
        facts = zip(history.events, owners).map { event, owner in
            Fact(
                type: event.content.type, time: event.time.milliseconds,
                account: owner.account ?? owner.lead.flatMap { conversions[$0] })
        }
    }

    private static func named(_ data: JSON) -> (account: String?, lead: String?) {
        if let account = data["account_id"]?.text { return (account, nil) }
        var lead: String?
        for party in data["party_ids"]?.elements ?? [data["party_id"] ?? .null] {
            guard let party = party.text else { continue }
            if party.hasPrefix("account-") { return (String(party.dropFirst(8)), nil) }
            if party.hasPrefix("lead-"), lead == nil { lead = String(party.dropFirst(5)) }
        }
        return (nil, lead)
    }

    var accounts: [String] { Set(facts.compactMap(\.account)).sorted() }

    /// Numbers of events per type of an account, or of nobody.
    func counts(_ account: String?) -> JSON {
        let types = facts.filter { $0.account == account }.map { ($0.type, JSON.integer(1)) }
        return .object(
            Dictionary(types) { sum, _ in .integer((sum.integer ?? 0) + 1) })
    }

    func positions(_ account: String) -> [Int64] {
        facts.indices.filter { facts[$0].account == account }.map(Int64.init).reversed()
    }

    func touches(_ account: String) -> (first: Int64?, last: Int64?) {
        let times = facts.filter { fact in
            fact.account == account
                && ["interaction.recorded", "email.engaged", "behavior.tracked"].contains(fact.type)
        }.map(\.time)
        return (times.min(), times.max())
    }

    func lastEvent(_ account: String) -> Int64? { facts.filter { $0.account == account }.map(\.time).max() }
}
