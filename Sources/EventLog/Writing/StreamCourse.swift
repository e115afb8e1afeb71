internal import EventModel
internal import RecordFormat

/// How far a stream has come in its lifecycle: the state after all of its events before a position.
struct StreamCourse {
    var state = LifecycleState()
    /// Behind the last event that the state knows; events of other streams may stand between.
    var end = Position.origin
}

extension RecordView {
    /// Takes the record into its stream's state, if its type has a place in a lifecycle.
    func advance(_ state: inout LifecycleState, _ rules: LifecycleRules) -> IllegalTransition? {
        guard rules.governs(utf8(.type)) else { return nil }
        return rules.advance(&state, utf8(.type), utf8(.actor), data)
    }
}

/// States of the streams that were asked about lately, bounded by what they take up.
///
/// Two generations, as in ``StreamMarks``: what is forgotten is read from the log again. So is what was appended by
/// requests that asked nothing: a state only says up to where it is right.
struct StreamCourses {
    private let entryCountMax: Int
    private var entryCount = 0
    private var young: [StreamMark: StreamCourse] = [:]
    private var old: [StreamMark: StreamCourse] = [:]

    /// - Parameter entryCountMax: words and sums of all states, some 100 bytes each.
    init(entryCountMax: Int) { self.entryCountMax = max(2, entryCountMax) }

    subscript(mark: StreamMark) -> StreamCourse? { young[mark] ?? old[mark] }

    mutating func insert(_ course: StreamCourse, for mark: StreamMark) {
        if entryCount >= entryCountMax / 2 {
            old = young
            young = [:]
            entryCount = 0
        }
        let before = young.updateValue(course, forKey: mark)
        entryCount += course.state.entryCount - (before?.state.entryCount ?? 0)
    }
}
