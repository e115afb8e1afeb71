internal import EventModel

/// A generation as an operator sees it.
public struct GenerationDescription: Hashable, Sendable {
    /// The projection.
    public let name: String
    /// The version of its code.
    public let version: UInt32
    /// Counts up with every generation of a version.
    public let number: Int
    /// Whether it answers.
    public let isLive: Bool
    /// Whether it ever answered.
    public let wasPromoted: Bool
    /// Events that it has folded; `nil` where it cannot be opened, or was open for writing when the machine stopped.
    public let eventCount: UInt64?
}

extension OfflineViews {
    /// The generations of a projection, oldest first.
    public func generations(of model: any ReadModel.Type) throws(ViewError) -> [GenerationDescription] {
        let live = try? store.live(model.name)
        return try store.entries(of: model.name).map { entry throws(ViewError) in
            GenerationDescription(
                name: entry.name, version: entry.version, number: entry.number, isLive: entry == live,
                wasPromoted: try store.wasPromoted(entry),
                eventCount: eventCount(of: entry, model))
        }
    }

    private func eventCount(of entry: GenerationStore.Entry, _ model: any ReadModel.Type) -> UInt64? {
        guard (try? BootMark(in: entry.directory).isOfAnotherBoot) == false else { return nil }
        return try? Generation(at: entry.directory, of: model, from: source.identity, isReadOnly: true)
            .checkpoint().next.index
    }

    /// Makes a generation live that was built without promoting it, or that was live before. A running server takes it
    /// over within a second, once it has caught up.
    ///
    /// - Throws: ``ViewError/noGeneration(_:)`` for one that does not exist, was never finished or is of another
    ///   version than this build's, ``ViewError/unsettled(_:number:)`` for one that was open for writing when the
    ///   machine stopped.
    public func promote(_ model: any ReadModel.Type, number: Int) throws(ViewError) {
        let entry = try store.entries(of: model.name).first { $0.number == number && $0.version == model.version }
        guard let entry else {
            throw .noGeneration("'\(model.name)' version \(model.version) has no generation \(number)")
        }
        try check(entry, model)
        try store.promote(directory: entry.directory, of: model.name)
    }

    /// Refuses a generation that is not to be believed, or cannot be read.
    private func check(_ entry: GenerationStore.Entry, _ model: any ReadModel.Type) throws(ViewError) {
        let number = entry.number
        guard try !store.isRefused(entry) else {
            throw .noGeneration("generation \(number) of '\(model.name)' contradicts its own arithmetic")
        }
        guard try store.isFinished(entry) else {
            throw .noGeneration(
                "the rebuild of generation \(number) of '\(model.name)' never came to its end; another 'rebuild' "
                    + "goes on with it")
        }
        guard try !BootMark(in: entry.directory).isOfAnotherBoot else { throw .unsettled(model.name, number: number) }
        // Opening it says whether its rows can be read and are of this log.
        _ = try Generation(at: entry.directory, of: model, from: source.identity, isReadOnly: true)
    }

    /// Makes the generation live again that was live before the one that is; asked again, the one before that. Returns
    /// its number.
    ///
    /// - Throws: ``ViewError/noGeneration(_:)`` if none was, ``ViewError/unsettled(_:number:)`` if that one was open
    ///   for writing when the machine stopped.
    @discardableResult
    public func rollBack(_ model: any ReadModel.Type) throws(ViewError) -> Int {
        // A live generation of another version is no measure: any of this version was live before it.
        let live = try store.live(model.name)
        let past = try store.predecessors(of: model.name)
        let before = live.flatMap { $0.version == model.version ? $0.number : nil } ?? .max
        // Of what was live before nothing may be known: a build before this one did not write it down.
        let candidates =
            try past.isEmpty ? store.entries(of: model.name).filter { $0.number < before }.reversed() : past
        var earlier: GenerationStore.Entry?
        for entry in candidates where earlier == nil && entry.version == model.version {
            if try store.wasPromoted(entry) { earlier = entry }
        }
        guard let earlier else {
            throw .noGeneration("'\(model.name)' version \(model.version) has no earlier generation that was live")
        }
        try check(earlier, model)
        try store.rollBack(to: earlier)
        return earlier.number
    }
}
