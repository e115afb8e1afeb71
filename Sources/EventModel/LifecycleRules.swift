/// Which event may follow which in a stream.
///
/// The catalog supplies it as a value, since the log knows type names and bytes only. The state of a stream is never
/// stored: it follows from the stream's events, one after the other, wherever it is needed.
public struct LifecycleRules: Sendable {
    /// Whether events of a type have a place in a lifecycle; those of other types may stand anywhere.
    public let governs: @Sendable (_ type: Span<UInt8>) -> Bool
    /// Takes an event into a stream's state, and says what was wrong with it there.
    ///
    /// Total, because what is recorded is never rejected: the state follows an illegal event as well. Type and actor
    /// are the envelope's, the data is the public canonical JSON.
    public let advance:
        @Sendable (
            _ state: inout LifecycleState, _ type: Span<UInt8>, _ actor: Span<UInt8>, _ data: Span<UInt8>
        ) -> IllegalTransition?

    /// Rules from their functions.
    public init(
        governs: @escaping @Sendable (Span<UInt8>) -> Bool,
        advance:
            @escaping @Sendable (
                inout LifecycleState, Span<UInt8>, Span<UInt8>, Span<UInt8>
            ) -> IllegalTransition?
    ) {
        self.governs = governs
        self.advance = advance
    }

    /// Rules for a log in which anything may follow anything.
    public static let none = LifecycleRules(governs: { _ in false }, advance: { _, _, _, _ in nil })
}

/// How far a stream has come in its lifecycle, as its rules keep it.
public struct LifecycleState: Hashable, Sendable {
    /// The name of the state; empty before the first event that the rules govern.
    public var phase = ""
    /// What else decides, as text: the stage of a deal, the state of one of several consents.
    public var words: [String: String] = [:]
    /// What else decides, as numbers: sums of money in minor units, of quantities in thousandths, counts.
    public var sums: [String: Int64] = [:]

    /// The state of a stream without events.
    public init() {}

    /// Words and sums, and the state itself: what it takes up in memory, about.
    public var entryCount: Int { 1 + words.count + sums.count }
}

/// An event that the lifecycle of its stream does not allow where the stream stands.
public struct IllegalTransition: Hashable, Sendable {
    /// The state in which the stream was.
    public let state: String
    /// The type of the event, with the value that decides where there is one.
    public let attempted: String
    /// The events that are legal in that state; none in a state that is final.
    public let legal: [String]

    /// A violation from its parts, none of which may hold customer data.
    public init(state: String, attempted: String, legal: [String]) {
        self.state = state
        self.attempted = attempted
        self.legal = legal
    }

    /// The legal events as the second half of a sentence.
    public var advice: String {
        legal.isEmpty ? "The state is final, nothing may follow." : "Legal there: \(legal.joined(separator: "; "))."
    }
}
