/// The time that an opportunity spent in one stage without leaving it.
struct Stay: Equatable, Sendable {
    /// How a stay ends.
    enum End: Equatable, Sendable {
        /// A change of stage; the next stay of the history is where it led.
        case changed(StageDirection)
        case won
        case lost
    }

    /// The stage that was entered.
    let stage: String
    /// The deal's pipeline as recorded; `nil` when a move named none.
    let pipeline: String?
    /// When it began, in milliseconds since the epoch.
    let enter: Int64
    /// When it ended; `nil` while it lasts.
    var exit: Int64?
    /// How it ended; `nil` while it lasts.
    var end: End?

    /// Milliseconds in the stage, 0 where a late event would make it negative; `nil` while it lasts.
    var duration: Int64? { exit.map { elapsed(from: enter, to: $0) } }
}

/// One win or loss.
struct DealClose: Equatable, Sendable {
    enum Outcome: Equatable, Sendable {
        case won(amount: Int64, currency: String)
        case lost(reason: String?, competitor: String?)

        var isWin: Bool {
            switch self {
            case .won: true
            case .lost: false
            }
        }
    }

    /// When, as `won_at` or `lost_at` says, in milliseconds since the epoch.
    let time: Int64
    let outcome: Outcome
    /// Who owned the deal then: the credit stays with this owner (READ_MODELS 7).
    let ownership: Ownership?
    /// What a win was signed and ordered with.
    let order: String?
    let contract: String?
    /// Milliseconds from the opening.
    let gross: Int64
    /// Milliseconds from the opening, less the time that the deal was closed before a reopening.
    let cycle: Int64
}

/// Who owned a deal, since when in milliseconds since the epoch, and who before.
struct Ownership: Equatable, Sendable {
    let owner: String
    let since: Int64
    let former: String?
}

/// One reopening, which takes back the close before it.
struct Reopening: Equatable, Sendable {
    /// When, in milliseconds since the epoch.
    let time: Int64
    /// Whether it took back a win; `nil` where nothing was closed.
    let tookBackWin: Bool?
}

/// One change of the day on which a deal is expected to close.
struct CloseDateMove: Equatable, Sendable {
    /// When it was changed, in milliseconds since the epoch.
    let time: Int64
    /// Days later, negative for earlier.
    let days: Int64
}

/// Whether a deal is open, or how it was closed last.
enum DealState: String, Sendable {
    case open, won, lost
}
