import CanonicalJSON
import ProjectionRuntime

/// Which of several values of a field is the one to show, and the event that says so.
///
/// - `last_updated`: the value that was said last, across parties by time and then by position. A choice that somebody
///   made at a merge stands until the field is said again.
/// - `most_frequent`: the value that was said most often; of several the one said last.
/// - `source_order`: the value of the first party in an order that has one: the survivor and then what was merged into
///   it, unless the question names another order.
struct GoldenRecord {
    enum Rule: String, CaseIterable {
        case lastUpdated = "last_updated", mostFrequent = "most_frequent", sourceOrder = "source_order"
    }

    /// The value that won.
    struct Winner {
        let name: String
        let value: FieldValue
        let origin: Origin
        let party: PartyKey
    }

    private struct Candidate {
        let assertion: ProfileRow.Assertion
        let party: PartyKey
        let rank: Int
    }

    private(set) var fields: [Winner] = []
    private(set) var classes: [Winner] = []
    private(set) var tags: [ProfileRow.Tag] = []
    private(set) var owner: ProfileRow.Owner?
    /// What other systems call each of the parties, as it was said last.
    private(set) var externalIDs: [JSON] = []
    /// When anybody last said anything about who the customer is; milliseconds since 1970.
    private(set) var lastUpdate: Int64?

    init(of identity: CustomerIdentity, by rule: Rule, order: [String], in snapshot: ViewSnapshot) throws(ViewError) {
        var rows: [(party: PartyKey, row: ProfileRow)] = []
        for party in identity.accounts {
            if let row = try snapshot.row(Customer360.profileTable, party) { rows.append((party, row)) }
        }
        let names = rows.map(\.party.name)
        let ranks = rows.map { party, _ in
            order.firstIndex(of: party.name) ?? order.count + (names.firstIndex(of: party.name) ?? 0)
        }
        // Also those of merges that were merged further.
        let choices = identity.members.flatMap { identity.merges[$0.name]?.choices ?? [] }
            .sorted { $0.origin.position < $1.origin.position }
        fields = Self.winners(rows.map(\.row.fields), names: rows.map(\.party), ranks, rule, choices)
        classes = Self.winners(rows.map(\.row.classes), names: rows.map(\.party), ranks, rule, [])
        for (party, row) in rows {
            externalIDs += try row.externalIDs(of: party)
            for tag in row.tags where !tags.contains(where: { $0.name == tag.name }) { tags.append(tag) }
            if let found = row.owner, owner.map({ found.origin.isAfter($0.origin) }) ?? true { owner = found }
        }
        tags.sort { $0.name < $1.name }
        lastUpdate = rows.lazy.flatMap(\.row.fields).flatMap(\.assertions).map(\.origin.time).max()
    }

    private static func winners(
        _ lists: [[ProfileRow.Field]], names: [PartyKey], _ ranks: [Int], _ rule: Rule, _ choices: [MergeRow.Choice]
    ) -> [Winner] {
        var fields: [(name: String, candidates: [Candidate])] = []
        for (index, list) in lists.enumerated() {
            for field in list {
                let place = fields.firstIndex { $0.name >= field.name } ?? fields.count
                if place == fields.count || fields[place].name != field.name {
                    fields.insert((field.name, []), at: place)
                }
                fields[place].candidates += field.assertions.map {
                    Candidate(assertion: $0, party: names[index], rank: ranks[index])
                }
            }
        }
        return fields.compactMap { name, candidates in
            let choice = choices.last { choice in
                choice.field == name && candidates.contains { $0.party.name == choice.source }
            }
            guard let best = best(of: candidates, rule, choice) else { return nil }
            return Winner(name: name, value: best.assertion.value, origin: best.assertion.origin, party: best.party)
        }
    }

    private static func best(of candidates: [Candidate], _ rule: Rule, _ choice: MergeRow.Choice?) -> Candidate? {
        func isLater(_ left: Candidate, _ right: Candidate) -> Bool {
            right.party == left.party
                ? right.assertion.origin.position > left.assertion.origin.position
                : right.assertion.origin.isAfter(left.assertion.origin)
        }
        switch rule {
        case .lastUpdated:
            let newest = candidates.max(by: isLater)
            guard let choice, let newest, newest.assertion.origin.position < choice.origin.position else {
                return newest
            }
            return candidates.filter { $0.party.name == choice.source }.max(by: isLater) ?? newest
        case .mostFrequent:
            var counts: [(value: FieldValue, count: Int64)] = []
            for candidate in candidates {
                if let index = counts.firstIndex(where: { $0.value == candidate.assertion.value }) {
                    counts[index].count &+= candidate.assertion.count
                } else {
                    counts.append((candidate.assertion.value, candidate.assertion.count))
                }
            }
            let most = counts.map(\.count).max() ?? 0
            let values = counts.filter { $0.count == most }.map(\.value)
            return candidates.filter { values.contains($0.assertion.value) }.max(by: isLater)
        case .sourceOrder:
            let first = candidates.map(\.rank).min()
            return candidates.filter { $0.rank == first }.max(by: isLater)
        }
    }

    subscript(field: String) -> FieldValue? { fields.first { $0.name == field }?.value }

    /// The blocks of who the customer is, each value with its event's id.
    func blocks() throws(ViewError) -> JSON.Members {
        [
            "profile": try Self.json(fields), "classification": try Self.json(classes),
            "tags": .object(JSON.Members(tags.map { ($0.name, ["event": .text($0.origin.event)]) })),
            "owner": owner.map { owner in
                [
                    "id": .from(owner.id), "team": .from(owner.team), "since_ms": .integer(owner.origin.time),
                    "event": .text(owner.origin.event),
                ]
            } ?? .null,
            "parent_account": try parent(),
        ]
    }

    /// The account above this one. No type of its own says so: it is a field like others.
    private func parent() throws(ViewError) -> JSON {
        guard let winner = fields.first(where: { $0.name == "parent_account_id" }) else { return .null }
        return ["id": try winner.value.answer(), "event": .text(winner.origin.event)]
    }

    private static func json(_ winners: [Winner]) throws(ViewError) -> JSON {
        var members: JSON.Members = [:]
        for winner in winners {
            members[winner.name] = ["event": .text(winner.origin.event), "value": try winner.value.answer()]
        }
        return .object(members)
    }
}

extension ProfileRow {
    fileprivate func externalIDs(of party: PartyKey) throws(ViewError) -> [JSON] {
        guard let last = fields.first(where: { $0.name == "external_ids" })?.assertions.last else { return [] }
        return try (last.value.answer().elements ?? []).map { id in
            [
                "system": id["system"] ?? .null, "id": id["id"] ?? .null, "party": .text(party.name),
                "event": .text(last.origin.event),
            ]
        }
    }

    /// The last value of each field alone.
    func fieldsJSON() throws(ViewError) -> JSON {
        var members: JSON.Members = [:]
        for field in fields {
            guard let last = field.assertions.last else { continue }
            members[field.name] = ["event": .text(last.origin.event), "value": try last.value.answer()]
        }
        return .object(members)
    }
}
