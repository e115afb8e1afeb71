import CanonicalJSON
import EventModel

/// An instant, from a column or constant.
struct Moment: Hashable, Sendable {
    /// How a column writes an instant. All without a zone are UTC.
    enum Format: String, CaseIterable, Sendable {
        /// `YYYY-MM-DD`, its first instant.
        case date
        /// `YYYY-MM-DD hh:mm:ss`, optionally with a fraction, `T` for the space.
        case datetime
        /// RFC 3339 with `Z` or an offset.
        case rfc3339

        func read(_ text: String) -> Timestamp? {
            switch self {
            case .date: CivilDay(text)?.start
            case .datetime: Timestamp(text + "Z")
            case .rfc3339: Timestamp(text)
            }
        }
    }

    enum Origin: Hashable, Sendable {
        case constant(Timestamp)
        case column(String, Format, whenEmpty: Timestamp?)
    }

    let origin: Origin
    let offsetMilliseconds: Int64

    /// The column that the instant is read from.
    var column: String? {
        if case .column(let name, _, _) = origin { name } else { nil }
    }

    /// Reads an RFC 3339 text, or `{"column", "format", "plus_ms", "default"}`.
    init(_ json: JSON, at path: String) throws(MappingError) {
        guard case .object = json else {
            origin = .constant(try Self.constant(json, at: path))
            offsetMilliseconds = 0
            return
        }
        let reader = try ObjectReader(json, at: path, allows: ["column", "format", "plus_ms", "default"])
        let word = try reader.text("format") ?? Format.date.rawValue
        guard let format = Format(rawValue: word) else {
            throw MappingError(path: path, problem: "the format '\(word)' is none of date, datetime, rfc3339")
        }
        let fallback: Timestamp? =
            if let other = reader["default"] { try Self.constant(other, at: path + ".default") } else { nil }
        origin = .column(try reader.requiredText("column"), format, whenEmpty: fallback)
        offsetMilliseconds = try reader.integer("plus_ms") ?? 0
    }

    private static func constant(_ json: JSON, at path: String) throws(MappingError) -> Timestamp {
        guard let text = json.text, let time = Timestamp(text) else {
            throw MappingError(path: path, problem: "a constant time must be RFC 3339, such as 2026-01-05T09:30:00Z")
        }
        return time
    }

    /// The instant for a row; `nil` when the column is empty and there is no default.
    func render(_ row: Row) throws(RowError) -> Timestamp? {
        switch origin {
        case .constant(let time): return plusOffset(time)
        case .column(let name, let format, let fallback):
            let text = row[name]
            guard !text.isEmpty else { return fallback.map(plusOffset) }
            guard let time = format.read(text) else {
                throw RowError(column: name, problem: .notATime(format: format.rawValue))
            }
            return plusOffset(time)
        }
    }

    private func plusOffset(_ time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + offsetMilliseconds)
    }
}
