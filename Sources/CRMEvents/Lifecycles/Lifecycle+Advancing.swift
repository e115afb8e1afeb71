import EventModel

extension Lifecycle {
    /// Takes an event into the state; returns what was wrong with it, and nothing for one that is legal.
    ///
    /// The state follows an illegal event too, since it may be recorded: to where the event leads from another state,
    /// sums included. An event whose deciding value no transition knows leaves the state as it is.
    ///
    /// - Parameter candidates: the transitions of the event's type.
    func advance(
        _ state: inout LifecycleState, _ event: LifecycleEvent, among candidates: [Transition]
    ) -> IllegalTransition? {
        let phase = phase(of: state, for: event)
        var meant: Transition?
        for candidate in candidates where candidate.isMeant(by: event) {
            meant = meant ?? candidate
            guard candidate.from.contains(phase) else { continue }
            meant = candidate
            break
        }
        guard let transition = meant else { return violation(in: phase, event.type) }
        if let to = transition.to { setPhase(to, of: &state, for: event) }
        // Even an illegal event is taken into the sums.
        let isFulfilled = transition.condition?.holds(&state, event) ?? true
        let isFollowing = transition.from.contains(phase) && transition.isOriginStated(by: event)
        return isFollowing && isFulfilled ? nil : violation(in: phase, transition.label)
    }

    /// The name of the state that concerns an event.
    private func phase(of state: LifecycleState, for event: LifecycleEvent) -> String {
        let phase = partFields.isEmpty ? state.phase : state.words[part(event)] ?? ""
        return phase.isEmpty ? initial : phase
    }

    private func setPhase(_ phase: String, of state: inout LifecycleState, for event: LifecycleEvent) {
        if partFields.isEmpty { state.phase = phase } else { state.words[part(event)] = phase }
    }

    private func part(_ event: LifecycleEvent) -> String {
        partFields.map { event.text($0) ?? "" }.joined(separator: " ")
    }

    private func violation(in phase: String, _ attempted: String) -> IllegalTransition {
        var legal: [String] = []
        for transition in transitions where transition.from.contains(phase) {
            let words = transition.label + (transition.condition.map { " (\($0.words))" } ?? "")
            if !legal.contains(words) { legal.append(words) }
        }
        return IllegalTransition(state: phase, attempted: attempted, legal: legal)
    }
}

extension Transition {
    /// Whether the event's data decides anything.
    var readsData: Bool { choice != nil || statedOrigin != nil || condition != nil }

    fileprivate func isMeant(by event: LifecycleEvent) -> Bool {
        choice.map { event.has($0.field, $0.value) } ?? true
    }

    fileprivate func isOriginStated(by event: LifecycleEvent) -> Bool {
        statedOrigin.map { event.has("from", $0) } ?? true
    }
}
