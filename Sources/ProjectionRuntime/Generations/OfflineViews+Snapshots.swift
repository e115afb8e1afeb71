public import EventModel

extension OfflineViews {
    /// The kept snapshots of a projection in this build's version, the one with the fewest events first.
    public func snapshots(of model: any ReadModel.Type) -> [KeptSnapshot] { kept.snapshots(of: model) }

    /// The kept snapshots of a view in any version, by version and number of events. Those of other versions than this
    /// build's serve nobody any more.
    public func snapshots(named view: String) -> [KeptSnapshot] { kept.snapshots(named: view) }

    /// Bytes that a kept snapshot takes up on disk.
    public func byteCount(of snapshot: KeptSnapshot) -> Int { kept.byteCount(of: snapshot) }

    /// Deletes a kept snapshot.
    ///
    /// - Throws: ``ViewError/snapshotsInUse(_:)`` while another process folds or removes one of the same view.
    public func remove(_ snapshot: KeptSnapshot) throws(ViewError) { try kept.remove(snapshot) }

    /// Keeps the state of a view as known at a position: reports about that moment and later ones begin there.
    ///
    /// - Parameter isFresh: whether it is folded from the first event on, in the place of one that stands there;
    ///   otherwise from the nearest earlier one, and one that stands there is left alone.
    /// - Throws: ``ViewError/pastEnd(_:end:)`` for a position that the log does not have,
    ///   ``ViewError/snapshotsInUse(_:)`` while another process folds or removes one of the same view,
    ///   ``ViewError/unbalanced(_:)`` where rows contradict the projection's own arithmetic; nothing is kept then.
    public func keepSnapshot(
        _ model: any ReadModel.Type, at position: Position, isFresh: Bool = false,
        progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> KeptSnapshot {
        guard position < source.end else { throw ViewError.pastEnd(position, end: source.end) }
        let lock = try kept.lock(model.name)
        defer { withExtendedLifetime(lock) {} }
        let known = kept.snapshots(of: model).first { $0.eventCount == position.next.index }
        if let known, !isFresh { return known }
        let path = try kept.workplace(model)
        let snapshot = try await fold(model, at: path, ReplayBounds(at: position), isFresh: isFresh, progress)
        try kept.keep(path, snapshot, of: model)
        return snapshot
    }

    private func fold(
        _ model: any ReadModel.Type, at path: String, _ bounds: ReplayBounds, isFresh: Bool,
        _ progress: @escaping @Sendable (Position, Position) -> Void
    ) async throws -> KeptSnapshot {
        let generation =
            isFresh
            ? try Generation(at: path, of: model, from: source.identity)
            : try kept.begin(model, at: path, from: source.identity, bounds)
        let projector = try Projector(model, generation, logEnd: source.end)
        kept.restoreAnchors(of: log, before: await projector.next)
        try await Replay(log: log, projectors: [projector]).run(bounds, progress: progress)
        let violations = try model.violations(in: generation.snapshot(source: source))
        guard violations.isEmpty else { throw ViewError.unbalanced(violations) }
        let state = try generation.state()
        try generation.settle()
        try kept.keepAnchors(of: log, before: state.checkpoint.next)
        return KeptSnapshot(model, state)
    }
}
