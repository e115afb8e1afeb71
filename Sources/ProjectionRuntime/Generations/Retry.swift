/// When a generation is opened again that could not be opened or written, perhaps because the disk had no room: it goes
/// on from its checkpoint then, as after a restart.
struct Retry {
    /// Where it is; `nil` if none could be opened.
    let directory: String?
    /// The generation as it was, which somebody may still read: it is not opened twice.
    private weak var closing: Generation?
    private var pause = Duration.seconds(2)
    private var due: ContinuousClock.Instant

    init(of generation: Generation?) {
        directory = generation?.directory
        closing = generation
        due = .now + pause
    }

    /// Whether it is time to, and nobody has the generation open.
    func isDue(at moment: ContinuousClock.Instant = .now) -> Bool { due <= moment && closing == nil }

    /// The next one after this has failed: after twice the time, at most a minute.
    func postponed(closing generation: Generation? = nil) -> Retry {
        var next = self
        next.closing = generation
        next.pause = min(pause * 2, .seconds(60))
        next.due = .now + next.pause
        return next
    }
}
