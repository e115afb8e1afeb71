import CanonicalJSON
public import EventModel

extension CloudEvent {
    /// One line of JSON without its newline.
    ///
    /// The members stand in this order: `specversion`, `id`, `source`, `type`, `subject`, `time`,
    /// `dataschema`; then `actor`, `correlation`, `causation`, `reason`, each only when not empty; then the
    /// members of `meta`; then `position`, `revision`, `recorded`; last `data`. Each value is canonical and
    /// no whitespace stands between, but the members are in reading order, not sorted: the bytes that are
    /// hashed are those of `data` and `meta`, and they are copied verbatim.
    public static func write(_ event: RecordedEvent) -> [UInt8] {
        let content = event.content
        var line: [UInt8] = []
        line.reserveCapacity(content.data.count + content.meta.count + 512)
        line.append(contentsOf: "{\"specversion\":\"1.0\",\"id\":".utf8)
        append(content.key.id, to: &line)
        line.append(contentsOf: ",\"source\":".utf8)
        append(content.key.source, to: &line)
        line.append(contentsOf: ",\"type\":".utf8)
        append(content.type, to: &line)
        line.append(contentsOf: ",\"subject\":".utf8)
        append(event.stream.text, to: &line)
        line.append(contentsOf: ",\"time\":\"".utf8)
        append(event.time, to: &line)
        line.append(contentsOf: "\",\"dataschema\":".utf8)
        append("\(schemaPrefix)\(content.type):\(content.schema)", to: &line)
        appendUnlessEmpty(",\"actor\":", content.actor, to: &line)
        appendUnlessEmpty(",\"correlation\":", content.correlation, to: &line)
        appendUnlessEmpty(",\"causation\":", content.causation, to: &line)
        appendUnlessEmpty(",\"reason\":", content.reason, to: &line)
        if content.meta.count > EventContent.emptyObject.count {
            line.append(UInt8(ascii: ","))
            line.append(contentsOf: content.meta[1..<content.meta.count - 1])
        }
        line.append(contentsOf: ",\"position\":".utf8)
        line.append(contentsOf: String(event.position.index).utf8)
        line.append(contentsOf: ",\"revision\":".utf8)
        line.append(contentsOf: String(event.revision.index).utf8)
        line.append(contentsOf: ",\"recorded\":\"".utf8)
        append(event.recorded, to: &line)
        line.append(contentsOf: "\",\"data\":".utf8)
        line.append(contentsOf: content.data)
        line.append(UInt8(ascii: "}"))
        return line
    }

    private static func appendUnlessEmpty(_ prefix: String, _ text: String, to line: inout [UInt8]) {
        guard !text.isEmpty else { return }
        line.append(contentsOf: prefix.utf8)
        append(text, to: &line)
    }

    private static func append(_ text: String, to line: inout [UInt8]) {
        JSON.text(text).appendCanonical(to: &line)
    }

    /// The digits of `Timestamp.description`, without a text in between: two stand in every line.
    private static func append(_ time: Timestamp, to line: inout [UInt8]) {
        let day = time.day
        let (year, month, date) = day.components
        guard (0...9999).contains(year) else { return line.append(contentsOf: time.description.utf8) }
        let rest = Int(time.milliseconds - Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay)
        appendDigits(year, 4, to: &line)
        line.append(UInt8(ascii: "-"))
        appendDigits(month, 2, to: &line)
        line.append(UInt8(ascii: "-"))
        appendDigits(date, 2, to: &line)
        line.append(UInt8(ascii: "T"))
        appendDigits(rest / 3_600_000, 2, to: &line)
        line.append(UInt8(ascii: ":"))
        appendDigits(rest / 60_000 % 60, 2, to: &line)
        line.append(UInt8(ascii: ":"))
        appendDigits(rest / 1000 % 60, 2, to: &line)
        line.append(UInt8(ascii: "."))
        appendDigits(rest % 1000, 3, to: &line)
        line.append(UInt8(ascii: "Z"))
    }

    private static func appendDigits(_ number: Int, _ width: Int, to line: inout [UInt8]) {
        var weight = 1
        for _ in 1..<width { weight *= 10 }
        while weight > 0 {
            line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / weight % 10))
            weight /= 10
        }
    }
}
