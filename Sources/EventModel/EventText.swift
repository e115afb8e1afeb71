/// The texts of an event's envelope, in the order of record and leaf; each has at most ``Limits/nameByteCountMax``
/// bytes of UTF-8, and an absent one is empty.
public enum EventText: Int, CaseIterable, Sendable {
    case stream, type, source, id, actor, correlation, causation, reason
}
