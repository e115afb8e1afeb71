import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// Who is the same, who is like whom, and what decides the stage of life.
extension Customer360 {
    func relate(_ party: PartyKey?, _ change: PartyEvent, _ event: CRMEvent) {
        let origin = Origin(event)
        switch change {
        case .tagChanged(let change):
            guard let party, party.name == "\(change.targetType)-\(change.targetID)" else { return }
            profiles.update(party, orInsert: ProfileRow()) {
                $0.change(tags: change.added, change.removed, by: origin)
            }
        case .duplicateDetected(let found):
            for candidate in found.candidateIDs { suspect(candidate, true, event) }
        case .duplicateReviewed(let review):
            for candidate in review.candidateIDs { suspect(candidate, review.decision == "defer", event) }
        case .merged(let merge):
            for name in merge.mergedIDs where name != merge.survivingID { self.merge(name, merge.survivingID, origin) }
            merges.update(merge.survivingID, orInsert: MergeRow()) { row in
                row.note(origin)
                guard case .object(let choices) = merge.fieldChoices else { return }
                for (field, source) in choices.sorted(by: { $0.key < $1.key }) {
                    guard let source = source.text else { continue }
                    row.choose(.init(field: field, source: source, origin: origin))
                }
            }
        case .unmerged(let unmerge):
            // Who is part of whom is looked at before the first party is taken out.
            let parts = unmerge.restoredIDs.filter { isPart($0, of: unmerge.survivingID) }
            for name in parts { detach(name) }
            for party in unmerge.restoredIDs + [unmerge.survivingID] {
                merges.update(party, orInsert: MergeRow()) { $0.note(origin) }
            }
        case .identityLinked: break
        }
    }

    private func suspect(_ candidate: String, _ isOpen: Bool, _ event: CRMEvent) {
        guard let party = PartyKey(ownStream: candidate) else { return }
        duplicates.update(OwnedKey(party, stream), orInsert: DuplicateRow()) { row in
            row.isOpen = isOpen
            row.positions.append(event.position.index)
        }
    }

    /// The last assertion about a party holds: whatever it was merged into before, and should the survivor have been
    /// part of it, that is over.
    private func merge(_ name: String, _ survivor: String, _ origin: Origin) {
        // Only who has parts can be above anybody.
        if merges[name]?.merged.isEmpty == false, isPart(survivor, of: name) { detach(survivor) }
        detach(name)
        merges.update(name, orInsert: MergeRow()) { row in
            row.survivor = .init(name: survivor, origin: origin)
            row.note(origin)
        }
        merges.update(survivor, orInsert: MergeRow()) { row in
            row.merged.append(name)
            row.note(origin)
        }
    }

    /// Whether a party was merged into another, whatever it was merged into on the way.
    private func isPart(_ name: String, of whole: String) -> Bool {
        var above = merges[name]?.survivor?.name
        while let current = above, current != whole { above = merges[current]?.survivor?.name }
        return above == whole
    }

    /// Lets a party stand alone.
    private func detach(_ name: String) {
        guard let former = merges[name]?.survivor else { return }
        merges.update(former.name, orInsert: MergeRow()) { $0.forget(name, mergedAt: former.origin.position) }
        merges.update(name, orInsert: MergeRow()) { $0.survivor = nil }
    }

    /// A deal that opens or closes, and a win.
    func follow(_ before: DealRow, _ after: DealRow, _ event: CRMEvent, of party: PartyKey) {
        guard before.state != after.state else { return }
        if after.state == .open { note(.dealOpened, event, of: party) }
        if before.state == .open { note(.dealClosed, event, of: party) }
        if after.state == .won { note(.bought, event, of: party) }
    }

    func note(_ kind: LifecycleRow.Kind, _ event: CRMEvent, of party: PartyKey, stage: String = "") {
        let fact = LifecycleRow.Fact(
            kind: kind, time: event.time.milliseconds, position: event.position.index, stage: stage)
        lifecycles.update(party, orInsert: LifecycleRow()) { $0.add(fact) }
    }
}
