internal import EventModel
internal import Synchronization

extension ProjectionRuntime {
    /// Opens the generation of every view that has none open, and the successor that another process promoted; that of
    /// a view whose storage failed again after a while.
    func openGenerations() {
        for (name, view) in views.withLock({ $0 }) {
            let isRetried = view.retry?.isDue() ?? false
            do throws(ViewError) {
                if view.projector == nil, view.failure == nil || isRetried && !view.isLive {
                    let found = try store.liveFolder(name)
                    let projector = try firstProjector(view.model)
                    views.withLock { views in
                        views[name]?.foundLive = found
                        views[name]?.projector = projector
                        views[name]?.failure = nil
                    }
                } else if let directory = try successor(of: view, isRetried: isRetried) {
                    open(directory, toSucceed: view, name)
                }
            } catch .notReady {
                // Another process is still writing that generation: the next round asks again.
            } catch {
                if view.projector == nil { fail(name, error) }
            }
        }
    }

    /// A projector over the live generation, else over one that is being built, else over a new one.
    ///
    /// What cannot be opened or believed is not repaired: a new generation is built from the log.
    private func firstProjector(_ model: any ReadModel.Type) throws(ViewError) -> Projector {
        let live = try? store.live(model.name)
        let directory: String
        if let live, live.version == model.version {
            directory = live.directory
        } else {
            directory = try store.building(model.name, version: model.version)
        }
        do throws(ViewError) {
            return try projector(model, at: directory)
        } catch .storage, .otherLog {
            return try projector(model, at: store.fresh(model.name, version: model.version))
        }
    }

    /// The directory of a generation that another process made live, or of the one that failed if that is to be tried
    /// again; `nil` if there is none.
    private func successor(of view: View, isRetried: Bool) throws(ViewError) -> String? {
        guard view.isLive || view.failure != nil, view.successor == nil, let live = try store.live(view.model.name),
            live.version == view.model.version, live.directory != view.projector?.generation.directory,
            live.directory != view.retry?.directory || isRetried, view.dropped[live.directory]?.isDue() ?? true
        else { return nil }
        return live.directory
    }

    /// Opens a generation that takes over when it has caught up.
    private func open(_ directory: String, toSucceed view: View, _ name: String) {
        do throws(ViewError) {
            let successor = try projector(view.model, at: directory)
            views.withLock { $0[name]?.successor = successor }
        } catch .notReady {
            // Another process is still writing it: the next round asks again.
        } catch {
            drop(directory, of: name)
        }
    }

    /// Refuses a generation that was built anew and contradicts the projection's own arithmetic. It stays as it is: the
    /// next start looks again, and a rebuild makes another.
    private func checkArithmetic(of generation: Generation, _ model: any ReadModel.Type) throws(ViewError) {
        let violations = try model.violations(in: generation.snapshot(source: source))
        guard violations.isEmpty else { throw .unbalanced(violations) }
    }

    private func projector(_ model: any ReadModel.Type, at directory: String) throws(ViewError) -> Projector {
        try Projector(model, Generation(at: directory, of: model, from: source.identity), logEnd: source.end)
    }

    /// Makes caught-up generations live, and tells who waits for them. A successor takes over only here, so
    /// answers never go back behind what was given before.
    ///
    /// Where somebody switched while the first generation was catching up, it answers until that one takes over.
    func publish(_ projectors: [Projector]) async {
        for projector in projectors {
            let directory = projector.generation.directory
            let next = await projector.next
            let entry = views.withLock { views in
                views.first { $0.value.projector === projector || $0.value.successor === projector }
            }
            guard let (name, view) = entry else { continue }
            do throws(ViewError) {
                if view.successor == nil, !view.isLive {
                    if view.foundLive.map({ !directory.hasSuffix("/" + $0) }) ?? true {
                        try checkArithmetic(of: projector.generation, view.model)
                    }
                    try projector.generation.flush()
                    try store.promote(directory: directory, of: name, replacing: view.foundLive)
                }
                let retired = views.withLock { views -> Projector? in
                    var retired: Projector?
                    if views[name]?.successor === projector {
                        retired = views[name]?.failure == nil ? views[name]?.projector : nil
                        views[name]?.projector = projector
                        views[name]?.successor = nil
                        views[name]?.dropped = [:]
                        views[name]?.failure = nil
                    }
                    if views[name]?.failure == nil {
                        views[name]?.isLive = true
                        views[name]?.retry = nil
                    }
                    return retired
                }
                view.reached.advance(to: next)
                // Nobody writes it any more; settled, it can be rolled back to after the next boot too.
                try? retired?.generation.settle()
            } catch {
                fail(name, error)
            }
        }
    }

    /// Finds out whose failure it was: every projector that cannot commit any more fails alone; a log
    /// that cannot be read or decoded fails them all.
    func blame(_ error: any Error) async {
        let views = self.views.withLock { $0 }
        var isFound = false
        for (name, view) in views {
            guard let successor = view.successor else { continue }
            do throws(ViewError) {
                try await successor.commit()
            } catch {
                isFound = true
                drop(successor.generation.directory, closing: successor.generation, of: name)
            }
        }
        for (name, view) in views {
            guard view.failure == nil, let projector = view.projector else { continue }
            do throws(ViewError) {
                try await projector.commit()
            } catch {
                isFound = true
                fail(name, error)
            }
        }
        guard !isFound else { return }
        let failure = (error as? ViewError) ?? .log("\(error)")
        for (name, view) in views {
            if let generation = view.successor?.generation {
                drop(generation.directory, closing: generation, of: name)
            }
            fail(name, failure)
        }
    }

    /// Lets go of a generation that another process made live and that cannot be opened or followed, perhaps because
    /// the disk has no room: the one before answers on, and this one is tried again later.
    private func drop(_ directory: String, closing generation: Generation? = nil, of name: String) {
        views.withLock { views in
            views[name]?.successor = nil
            if let retry = views[name]?.retry, retry.directory == directory {
                views[name]?.retry = retry.postponed(closing: generation)
            } else {
                let former = views[name]?.dropped[directory]
                views[name]?.dropped[directory] = former?.postponed(closing: generation) ?? Retry(of: generation)
            }
        }
    }

    private func fail(_ name: String, _ failure: ViewError) {
        views.withLock { views in
            guard let view = views[name] else { return }
            views[name]?.failure = failure
            guard case .storage = failure else {
                views[name]?.retry = nil
                return
            }
            let generation = view.projector?.generation
            views[name]?.retry = view.retry?.postponed(closing: generation) ?? Retry(of: generation)
            views[name]?.projector = nil
        }
    }
}
