import CRMEvents
import ProjectionRuntime

/// What one party's stream says about merges: who was merged into it, and who stands alone again.
struct MergeRow: Equatable, Sendable {
    /// One party merged or restored.
    struct Assertion: Equatable, Sendable {
        let time: Int64
        let position: Int64
        /// The stream name of the party that was merged, such as `account-42`.
        let party: String
        /// Whether it was merged; an unmerge takes that back.
        let isMerged: Bool
    }

    var assertions: [Assertion] = []

    /// Takes over an event, if it says something of the kind.
    mutating func take(_ event: PartyEvent, at time: Int64, position: Int64) {
        switch event {
        case .merged(let merged): add(merged.mergedIDs, true, time, position)
        case .unmerged(let unmerged): add(unmerged.restoredIDs, false, time, position)
        default: break  // Of nobody's identity.
        }
    }

    private mutating func add(_ parties: [String], _ isMerged: Bool, _ time: Int64, _ position: Int64) {
        assertions += parties.map { Assertion(time: time, position: position, party: $0, isMerged: isMerged) }
    }
}

// A row is the list of assertions: time, position, party, whether merged.

extension MergeRow: RowValue {
    func encode(to encoder: inout RowEncoder) {
        encoder.list(assertions) { encoder, assertion in
            encoder.integer(assertion.time)
            encoder.integer(assertion.position)
            encoder.text(assertion.party)
            encoder.boolean(assertion.isMerged)
        }
    }

    init(from decoder: inout RowDecoder) throws(RowError) {
        assertions = try decoder.list { (decoder: inout RowDecoder) throws(RowError) in
            Assertion(
                time: try decoder.integer(), position: try decoder.integer(), party: try decoder.text(),
                isMerged: try decoder.boolean())
        }
    }
}

/// Which account a merged account has become. Rows of deals keep the id that was recorded.
struct AccountMerges: Sendable {
    /// Nobody was merged.
    static let none = AccountMerges([], .none)

    private var survivors: [String: String] = [:]

    /// The map as known at a cut: of several assertions about a party the last one in the log holds. Should the
    /// survivor of a merge have been part of the merged party, that is over, so no way up leads in a circle; and an
    /// unmerge takes parties out of the one that it names, whatever they were merged into on the way.
    init(_ rows: [(survivor: String, row: MergeRow)], _ cut: Cut) {
        let assertions = rows.flatMap { survivor, row in row.assertions.map { (survivor: survivor, assertion: $0) } }
        var restored: (position: Int64, parties: [String]) = (-1, [])
        for (survivor, assertion) in assertions.sorted(by: { $0.assertion.position < $1.assertion.position })
        where cut.sees(time: assertion.time, position: assertion.position) {
            // Who is part of whom is looked at before the first party of an unmerge is taken out.
            if assertion.position != restored.position {
                for party in restored.parties { survivors[party] = nil }
                restored = (assertion.position, [])
            }
            guard assertion.isMerged else {
                if isPart(assertion.party, of: survivor) { restored.parties.append(assertion.party) }
                continue
            }
            guard assertion.party != survivor else { continue }
            var above = survivor
            while let next = survivors[above], next != assertion.party { above = next }
            if survivors[above] == assertion.party { survivors[survivor] = nil }
            survivors[assertion.party] = survivor
        }
        for party in restored.parties { survivors[party] = nil }
    }

    private func isPart(_ party: String, of whole: String) -> Bool {
        var above = survivors[party]
        while let current = above, current != whole { above = survivors[current] }
        return above == whole
    }

    /// The account that an account's deals count for.
    func account(_ id: String) -> String {
        guard !survivors.isEmpty else { return id }
        var party = "account-" + id
        while let survivor = survivors[party] { party = survivor }
        return party.hasPrefix("account-") ? String(party.dropFirst("account-".count)) : party
    }
}
