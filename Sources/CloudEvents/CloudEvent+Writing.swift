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
        append(
            position: event.position, revision: event.revision, time: event.time, recorded: event.recorded,
            schema: content.schema, stream: event.stream.text.utf8.span, type: content.type.utf8.span,
            source: content.key.source.utf8.span, id: content.key.id.utf8.span, actor: content.actor.utf8.span,
            correlation: content.correlation.utf8.span, causation: content.causation.utf8.span,
            reason: content.reason.utf8.span, meta: content.meta.span, data: content.data.span, to: &line)
        return line
    }

    /// Appends the line of an event whose texts lie anywhere in memory: ``write(_:)`` without an event to copy first.
    public static func append(
        position: Position, revision: Revision, time: Timestamp, recorded: Timestamp, schema: UInt32,
        stream: Span<UInt8>, type: Span<UInt8>, source: Span<UInt8>, id: Span<UInt8>, actor: Span<UInt8>,
        correlation: Span<UInt8>, causation: Span<UInt8>, reason: Span<UInt8>, meta: Span<UInt8>, data: Span<UInt8>,
        to line: inout [UInt8]
    ) {
        let textByteCount =
            id.count + source.count + 2 * type.count + stream.count + actor.count + correlation.count
            + causation.count + reason.count
        let byteCountMax = CanonicalText.byteCountMax(textByteCount) + meta.count + data.count + frameByteCountMax
        line.append(addingCapacity: byteCountMax) { output in
            append(#"{"specversion":"1.0","id":"#, id, to: &output)
            append(#","source":"#, source, to: &output)
            append(#","type":"#, type, to: &output)
            append(#","subject":"#, stream, to: &output)
            append(#","time":""#, time, to: &output)
            output.append(copying: #"","dataschema":"urn:rapport:"#.utf8.span)
            CanonicalText.appendInside(type, to: &output)
            append(":", UInt64(schema), to: &output)
            output.append(UInt8(ascii: "\""))
            if !actor.isEmpty { append(#","actor":"#, actor, to: &output) }
            if !correlation.isEmpty { append(#","correlation":"#, correlation, to: &output) }
            if !causation.isEmpty { append(#","causation":"#, causation, to: &output) }
            if !reason.isEmpty { append(#","reason":"#, reason, to: &output) }
            if meta.count > EventContent.emptyObject.count {
                output.append(UInt8(ascii: ","))
                output.append(copying: meta.extracting(1..<meta.count - 1))
            }
            append(#","position":"#, position.index, to: &output)
            append(#","revision":"#, revision.index, to: &output)
            append(#","recorded":""#, recorded, to: &output)
            output.append(copying: #"","data":"#.utf8.span)
            output.append(copying: data)
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Adds the member `personal`, canonical JSON, to a line that is whole.
    public static func append(personal: [UInt8], to line: inout [UInt8]) {
        line.removeLast()
        line.append(contentsOf: #","personal":"#.utf8)
        line.append(contentsOf: personal)
        line.append(UInt8(ascii: "}"))
    }

    /// Bytes of a line beside its texts, `meta` and `data`, at most: the names of its members, quotation marks around
    /// nine texts, two times and three numbers.
    private static let frameByteCountMax = 512

    private static func append(_ name: String, _ text: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append(copying: name.utf8.span)
        CanonicalText.append(text, to: &output)
    }

    /// The digits of a number, no more than the twenty of 2^64 − 1.
    private static func append(_ name: String, _ number: UInt64, to output: inout OutputSpan<UInt8>) {
        output.append(copying: name.utf8.span)
        var weight: UInt64 = 1
        while number / weight >= 10 { weight *= 10 }
        var rest = number
        while weight > 0 {
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / weight))
            rest %= weight
            weight /= 10
        }
    }

    /// The characters of `Timestamp.description`, without a text in between: two stand in every line.
    private static func append(_ name: String, _ time: Timestamp, to output: inout OutputSpan<UInt8>) {
        output.append(copying: name.utf8.span)
        let day = time.day
        let (year, month, date) = day.components
        guard (0...9999).contains(year) else { return output.append(copying: time.description.utf8.span) }
        let rest = Int(time.milliseconds - Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay)
        let (seconds, milliseconds) = rest.quotientAndRemainder(dividingBy: 1000)
        appendTwoDigits(year / 100, to: &output)
        appendTwoDigits(year % 100, to: &output)
        output.append(UInt8(ascii: "-"))
        appendTwoDigits(month, to: &output)
        output.append(UInt8(ascii: "-"))
        appendTwoDigits(date, to: &output)
        output.append(UInt8(ascii: "T"))
        appendTwoDigits(seconds / 3600, to: &output)
        output.append(UInt8(ascii: ":"))
        appendTwoDigits(seconds / 60 % 60, to: &output)
        output.append(UInt8(ascii: ":"))
        appendTwoDigits(seconds % 60, to: &output)
        output.append(UInt8(ascii: "."))
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: milliseconds / 100))
        appendTwoDigits(milliseconds % 100, to: &output)
        output.append(UInt8(ascii: "Z"))
    }

    private static func appendTwoDigits(_ number: Int, to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}
