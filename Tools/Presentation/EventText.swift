public import EventModel

/// Recorded events as lines of text.
public enum EventText {
    /// One line: position, time, stream and revision, type, data; at most so many cells wide.
    public static func line(for event: RecordedEvent, width: Int) -> String {
        let position = String(event.position.index)
        let padding = String(repeating: " ", count: max(0, 8 - position.count))
        let data = String(decoding: event.content.data, as: UTF8.self)
        let line =
            "\(padding)\(position)  \(event.time)  \(event.stream)@\(event.revision.index)"
            + "  \(event.content.type)  \(data)"
        return DisplayWidth.cut(DisplayWidth.safe(line), to: max(width, 40))
    }
}
