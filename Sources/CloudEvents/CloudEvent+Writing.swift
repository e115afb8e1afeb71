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
            reason: content.reason.utf8.span, meta: content.meta, data: content.data, to: &line)
        return line
    }

    /// Appends the line of an event whose texts lie anywhere in memory: ``write(_:)`` without an event to copy first.
    public static func append(
        position: Position, revision: Revision, time: Timestamp, recorded: Timestamp, schema: UInt32,
        stream: Span<UInt8>, type: Span<UInt8>, source: Span<UInt8>, id: Span<UInt8>, actor: Span<UInt8>,
        correlation: Span<UInt8>, causation: Span<UInt8>, reason: Span<UInt8>, meta: [UInt8], data: [UInt8],
        to line: inout [UInt8]
    ) {
        line.reserveCapacity(line.count + data.count + meta.count + 512)
        line.append(contentsOf: Piece.start)
        CanonicalText.append(id, to: &line)
        line.append(contentsOf: Piece.source)
        CanonicalText.append(source, to: &line)
        line.append(contentsOf: Piece.type)
        CanonicalText.append(type, to: &line)
        line.append(contentsOf: Piece.subject)
        CanonicalText.append(stream, to: &line)
        line.append(contentsOf: Piece.time)
        append(time, to: &line)
        line.append(contentsOf: Piece.schema)
        CanonicalText.appendInside(type, to: &line)
        line.append(UInt8(ascii: ":"))
        append(UInt64(schema), to: &line)
        line.append(UInt8(ascii: "\""))
        appendUnlessEmpty(Piece.actor, actor, to: &line)
        appendUnlessEmpty(Piece.correlation, correlation, to: &line)
        appendUnlessEmpty(Piece.causation, causation, to: &line)
        appendUnlessEmpty(Piece.reason, reason, to: &line)
        if meta.count > EventContent.emptyObject.count {
            line.append(UInt8(ascii: ","))
            line.append(contentsOf: meta[1..<meta.count - 1])
        }
        line.append(contentsOf: Piece.position)
        append(position.index, to: &line)
        line.append(contentsOf: Piece.revision)
        append(revision.index, to: &line)
        line.append(contentsOf: Piece.recorded)
        append(recorded, to: &line)
        line.append(contentsOf: Piece.data)
        line.append(contentsOf: data)
        line.append(UInt8(ascii: "}"))
    }

    /// What stands between the values, as bytes so that each is one copy.
    private enum Piece {
        static let start = Array("{\"specversion\":\"1.0\",\"id\":".utf8)
        static let source = Array(",\"source\":".utf8)
        static let type = Array(",\"type\":".utf8)
        static let subject = Array(",\"subject\":".utf8)
        static let time = Array(",\"time\":\"".utf8)
        static let schema = Array("\",\"dataschema\":\"urn:rapport:".utf8)
        static let actor = Array(",\"actor\":".utf8)
        static let correlation = Array(",\"correlation\":".utf8)
        static let causation = Array(",\"causation\":".utf8)
        static let reason = Array(",\"reason\":".utf8)
        static let position = Array(",\"position\":".utf8)
        static let revision = Array(",\"revision\":".utf8)
        static let recorded = Array(",\"recorded\":\"".utf8)
        static let data = Array("\",\"data\":".utf8)
    }

    private static func appendUnlessEmpty(_ prefix: [UInt8], _ text: Span<UInt8>, to line: inout [UInt8]) {
        guard !text.isEmpty else { return }
        line.append(contentsOf: prefix)
        CanonicalText.append(text, to: &line)
    }

    /// The digits of a number.
    private static func append(_ number: UInt64, to line: inout [UInt8]) {
        var weight: UInt64 = 1
        while number / weight >= 10 { weight *= 10 }
        // No number has more digits than 2^64 − 1 with its twenty.
        line.append(addingCapacity: 20) { output in
            var rest = number
            while weight > 0 {
                output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / weight))
                rest %= weight
                weight /= 10
            }
        }
    }

    /// The digits of `Timestamp.description`, without a text in between: two stand in every line.
    private static func append(_ time: Timestamp, to line: inout [UInt8]) {
        let day = time.day
        let (year, month, date) = day.components
        guard (0...9999).contains(year) else { return line.append(contentsOf: time.description.utf8) }
        let rest = Int(time.milliseconds - Int64(day.daysSinceEpoch) * Timestamp.millisecondsPerDay)
        let (seconds, milliseconds) = rest.quotientAndRemainder(dividingBy: 1000)
        line.append(addingCapacity: 24) { output in
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
    }

    private static func appendTwoDigits(_ number: Int, to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}
