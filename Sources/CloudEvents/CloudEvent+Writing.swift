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
            output.append(#"{"specversion":"1.0","id":"#)
            CanonicalText.append(id, to: &output)
            output.append(#","source":"#)
            CanonicalText.append(source, to: &output)
            output.append(#","type":"#)
            CanonicalText.append(type, to: &output)
            output.append(#","subject":"#)
            CanonicalText.append(stream, to: &output)
            output.append(#","time":""#)
            append(time, to: &output)
            output.append(#"","dataschema":"urn:rapport:"#)
            CanonicalText.appendInside(type, to: &output)
            output.append(":")
            append(UInt64(schema), to: &output)
            output.append("\"")
            if !actor.isEmpty { append(#","actor":"#, actor, to: &output) }
            if !correlation.isEmpty { append(#","correlation":"#, correlation, to: &output) }
            if !causation.isEmpty { append(#","causation":"#, causation, to: &output) }
            if !reason.isEmpty { append(#","reason":"#, reason, to: &output) }
            if meta.count > EventContent.emptyObject.count {
                output.append(",")
                output.append(copying: meta.extracting(1..<meta.count - 1))
            }
            output.append(#","position":"#)
            append(position.index, to: &output)
            output.append(#","revision":"#)
            append(revision.index, to: &output)
            output.append(#","recorded":""#)
            append(recorded, to: &output)
            output.append(#"","data":"#)
            output.append(copying: data)
            output.append("}")
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

    private static func append(_ name: StaticString, _ text: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append(name)
        CanonicalText.append(text, to: &output)
    }

    /// The digits of a number, no more than the twenty of 2^64 − 1.
    private static func append(_ number: UInt64, to output: inout OutputSpan<UInt8>) {
        var digits = [20 of UInt8](repeating: UInt8(ascii: "0"))
        var place = digits.count
        var rest = number
        repeat {
            place -= 1
            digits[place] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        output.append(copying: digits.span.extracting(place..<digits.count))
    }

    /// The characters of `Timestamp.description`, without a text in between: two stand in every line.
    private static func append(_ time: Timestamp, to output: inout OutputSpan<UInt8>) {
        let day = time.day
        let (year, month, date) = day.components
        guard (0...9999).contains(year) else { return output.append(copying: time.description.utf8.span) }
        let rest = Int(time.milliseconds - Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay)
        let (seconds, milliseconds) = rest.quotientAndRemainder(dividingBy: 1000)
        var text = [24 of UInt8](repeating: UInt8(ascii: "0"))
        func write(_ number: Int, at place: Int) {
            text[place] += UInt8(truncatingIfNeeded: number / 10)
            text[place + 1] += UInt8(truncatingIfNeeded: number % 10)
        }
        write(year / 100, at: 0)
        write(year % 100, at: 2)
        text[4] = UInt8(ascii: "-")
        write(month, at: 5)
        text[7] = UInt8(ascii: "-")
        write(date, at: 8)
        text[10] = UInt8(ascii: "T")
        write(seconds / 3600, at: 11)
        text[13] = UInt8(ascii: ":")
        write(seconds / 60 % 60, at: 14)
        text[16] = UInt8(ascii: ":")
        write(seconds % 60, at: 17)
        text[19] = UInt8(ascii: ".")
        text[20] += UInt8(truncatingIfNeeded: milliseconds / 100)
        write(milliseconds % 100, at: 21)
        text[23] = UInt8(ascii: "Z")
        output.append(copying: text.span)
    }
}
