/// A read model that knows where the events behind one entity lie.
///
/// With it a question about one entity as of a moment folds that entity's events alone, and costs milliseconds however
/// long the log is. The answer must equal that of a fold of everything: whatever ``ReadModel/get(_:_:in:)`` looks at
/// for the key must come out the same.
public protocol EntityReadModel: ReadModel {
    /// Reads every event that the answer about a key depends on. More of them do no harm; an event that decides whose
    /// another event is, such as the first one of its stream, must be among them.
    static func gather(_ key: String, with reader: inout HistoryReader) throws(ViewError)
}
