internal import DurableFiles
internal import EventModel

/// What the writer guards with its locks.
extension Writer {
    /// What waits, and what becomes of it.
    struct State {
        private var pending = Lanes<Submission>()
        /// How many of those that wait are not short.
        private(set) var longCount = 0
        /// Whether somebody carries commits, and looks for more behind each.
        var isCarried = false
        var hasFailed = false
        var isClosed = false

        var isRefusing: Bool { hasFailed || isClosed }
        /// Bytes that wait.
        var byteCount: Int { pending.byteCount }

        mutating func append(_ submission: Submission, from source: UInt64) {
            pending.append(submission, byteCount: submission.prepared.byteCount, from: source)
            longCount += submission.isShort ? 0 : 1
        }

        /// Takes what waits, lane by lane, up to a number of bytes.
        mutating func take(byteCountMax: Int) -> [Submission] {
            let taken = pending.take(byteCountMax: byteCountMax)
            if longCount > 0 { longCount -= taken.count { !$0.isShort } }
            return taken
        }

        /// Whether the one who brings something has to carry it.
        mutating func callCarrier() -> Bool {
            defer { isCarried = true }
            return !isCarried
        }
    }

    /// What deciding needs: the past, the commit that takes submissions, and that which the disk has in hand.
    struct Turn {
        let history: History
        /// When the log's newest event was recorded.
        var lastRecorded: Timestamp
        var open: Commit?
        var inHand: StagedEvents?
        /// Bytes that the open commit still takes.
        var byteCountLeft: Int { commitByteCountMax - (open?.byteCount ?? 0) }
        /// What the next commit will come to, about: as much as the newest.
        var expected = (byteCount: 0, eventCount: 0)
    }

    /// What only the one who carries touches.
    struct Disk {
        let journal: Journal
        let room: Room
    }
}
