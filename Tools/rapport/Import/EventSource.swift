import EventModel
import ImportMapping

/// A line or row that became no event, or an event that the server refused.
struct Rejection {
    let line: Int
    let code: String
    let reason: String
    /// What was rejected; it may hold customer data, so it goes to the rejects file only.
    let text: String
}

/// Events of a file in its order, whatever the file is.
struct EventSource {
    enum Item {
        /// A line or row was read; its events or its rejection follow.
        case row
        case event(MappedEvent)
        case rejected(Rejection)
    }

    private enum Form {
        case lines(LineSplitter)
        case rows(CSVReader, Mapping, EventMapper?)
    }

    private var bytes: ByteSource
    private var form: Form
    private var isAtEnd = false

    /// Without a mapping the file holds a CloudEvent per line.
    init(_ bytes: ByteSource, _ mapping: Mapping?) throws(Failure) {
        self.bytes = bytes
        form =
            if let mapping { .rows(CSVReader(), mapping, nil) } else {
                .lines(LineSplitter(byteCountMax: EventBatch.eventByteCountMax))
            }
    }

    /// What the next chunk of the file holds, perhaps nothing yet; `nil` at the end.
    mutating func next() throws(Failure) -> [Item]? {
        guard !isAtEnd else { return nil }
        let chunk = try bytes.next()
        isAtEnd = chunk == nil
        switch form {
        case .lines(var splitter):
            let lines = chunk.map { splitter.read($0) } ?? splitter.finish()
            form = .lines(splitter)
            return lines.flatMap(Self.items)
        case .rows(var reader, let mapping, var mapper):
            var items: [Item] = []
            do {
                let records = try chunk.map { bytes throws(CSVError) in try reader.read(bytes) } ?? reader.finish()
                for record in records { items += try Self.items(of: record, mapping, &mapper) }
                if isAtEnd, mapper == nil { throw CSVError(line: 1, problem: .noHeader) }
            } catch {
                throw Failure(.usage, "\(error)")
            }
            form = .rows(reader, mapping, mapper)
            return items
        }
    }

    private static func items(of line: LineSplitter.Line) -> [Item] {
        switch line {
        case .text(let number, let bytes): return [.row, .event(MappedEvent(line: number, bytes: bytes))]
        case .tooLong(let number, let count):
            let reason =
                "the line has \(count) bytes, and the limit is \(EventBatch.eventByteCountMax). It was not sent. "
                + "Make the event smaller."
            return [
                .row, .rejected(Rejection(line: number, code: ErrorCode.tooLarge.rawValue, reason: reason, text: "")),
            ]
        }
    }

    /// The first record is the header; the events before the first row follow it.
    private static func items(
        of record: CSVRecord, _ mapping: Mapping, _ mapper: inout EventMapper?
    ) throws -> [Item] {
        guard mapper != nil else {
            let begun = try EventMapper(mapping, header: record.fields)
            mapper = begun
            return try begun.prologue().map { .event($0) }
        }
        do throws(RowError) {
            return [.row] + (try mapper?.events(of: record) ?? []).map { .event($0) }
        } catch {
            let rejection = Rejection(
                line: record.line, code: RowError.code, reason: error.description, text: record.encoded)
            return [.row, .rejected(rejection)]
        }
    }
}
