import EventModel

/// A state machine over the events of one stream, as data (CATALOG.md section 7).
///
/// Events whose type no transition names have no part in it and may stand anywhere. What another stream decides, such
/// as an approval, and what is derived, such as an overdue invoice, is no state here: each machine says where such
/// states are contained.
struct Lifecycle: Sendable {
    /// Its name, that of the streams' category.
    let name: String
    /// The state before the first event.
    let initial: String
    /// The fields that name a part of the stream with a state of its own; none where the stream has one state.
    let partFields: [String]
    /// Every move that is legal.
    let transitions: [Transition]

    init(_ name: String, initial: String = "none", partFields: [String] = [], _ transitions: [Transition]) {
        self.name = name
        self.initial = initial
        self.partFields = partFields
        self.transitions = transitions
    }
}

/// A legal move: an event that is met in one of some states, and the state after it.
struct Transition: Sendable {
    /// The event's type.
    let type: String
    /// The field and its value without which this is another move.
    let choice: Choice?
    /// The states in which it is legal.
    let from: [String]
    /// The state after it; `nil` where it stays what it was, or where the condition decides.
    let to: String?
    /// What the event's field `from` must say.
    let statedOrigin: String?
    /// What else must hold.
    let condition: Condition?

    /// A field that tells one move of a type from another.
    struct Choice: Sendable {
        let field: String
        let value: String
    }

    /// Moves to another state.
    static func move(
        _ type: String, _ field: String? = nil, is value: String = "", from: [String], to: String,
        if condition: Condition? = nil
    ) -> Transition {
        Transition(
            type: type, choice: field.map { Choice(field: $0, value: value) }, from: from, to: to,
            statedOrigin: nil, condition: condition)
    }

    /// Leaves the state as it is, unless its condition changes it.
    static func stay(
        _ type: String, _ field: String? = nil, is value: String = "", in from: [String],
        if condition: Condition? = nil
    ) -> Transition {
        Transition(
            type: type, choice: field.map { Choice(field: $0, value: value) }, from: from, to: nil,
            statedOrigin: nil, condition: condition)
    }

    /// A move of a type that names both states, in its fields `from` and `to`.
    ///
    /// - Parameter alias: another state that may stand for the first one.
    static func change(_ type: String, from: String, or alias: String? = nil, to: String) -> Transition {
        Transition(
            type: type, choice: Choice(field: "to", value: to), from: [from] + (alias.map { [$0] } ?? []), to: to,
            statedOrigin: from, condition: nil)
    }

    /// How errors name it.
    var label: String { choice.map { "\(type) with \($0.field) \($0.value)" } ?? type }
}

/// What a transition asks besides the state, decided by what the stream has said before.
struct Condition: Sendable {
    /// What must hold, for the error: it follows the event's name in brackets.
    let words: String
    /// Takes the event into the state, and returns whether it was legal there. It may set the state's name.
    let holds: @Sendable (inout LifecycleState, LifecycleEvent) -> Bool

    init(_ words: String, _ holds: @escaping @Sendable (inout LifecycleState, LifecycleEvent) -> Bool) {
        self.words = words
        self.holds = holds
    }
}
