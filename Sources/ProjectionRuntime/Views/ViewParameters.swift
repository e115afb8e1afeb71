public import CanonicalJSON
public import CivilTime
public import EventModel

/// The parameters of one question, a flat JSON object.
public struct ViewParameters: Sendable {
    private let members: JSON.Members

    /// Parameters from a JSON object.
    public init(_ json: JSON = [:]) throws(ViewError) {
        guard case .object(let members) = json else {
            throw .badParameter(name: "WITH", found: "not an object", allowed: "one JSON object")
        }
        self.members = members
    }

    /// Refuses every parameter but these.
    public func allow(_ names: String...) throws(ViewError) { try allow(names) }

    /// Refuses parameters that the view does not know.
    public func allow(_ names: [String]) throws(ViewError) {
        if let unknown = members.keys.sorted().first(where: { !names.contains($0) }) {
            throw .unknownParameter(name: String(unknown.prefix(40)), allowed: names)
        }
    }

    /// A text; `nil` when absent. A number is its digits: ids may be nothing else, and a command line cannot tell.
    public func text(_ name: String) throws(ViewError) -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .text(let text): return text
        case .integer(let integer): return String(integer)
        default: throw .badParameter(name: name, found: "not a text", allowed: "a text")
        }
    }

    /// An integer; `nil` when absent.
    public func integer(_ name: String) throws(ViewError) -> Int64? {
        switch members[name] {
        case nil, .null: return nil
        case .integer(let integer): return integer
        default: throw .badParameter(name: name, found: "not an integer", allowed: "an integer")
        }
    }

    /// A position that the rows know; `nil` when absent.
    ///
    /// A later one is refused: the answer would be another one when the event comes.
    public func position(_ name: String, in snapshot: ViewSnapshot) throws(ViewError) -> Int64? {
        guard let position = try integer(name) else { return nil }
        let newest = snapshot.position.map { Int64($0.index) } ?? -1
        guard (0...max(newest, 0)).contains(position), newest >= 0 else {
            throw .badParameter(
                name: name, found: "no position that the view has folded",
                allowed: newest < 0 ? "none: the view has folded no event" : "a position from 0 to \(newest)")
        }
        return position
    }

    /// A Boolean; `nil` when absent.
    public func boolean(_ name: String) throws(ViewError) -> Bool? {
        switch members[name] {
        case nil, .null: return nil
        case .boolean(let boolean): return boolean
        default: throw .badParameter(name: name, found: "neither true nor false", allowed: "true or false")
        }
    }

    /// A civil day; `nil` when absent.
    public func day(_ name: String) throws(ViewError) -> CivilDay? {
        guard let text = try text(name) else { return nil }
        guard let day = CivilDay(text) else {
            throw .badParameter(name: name, found: "not a day", allowed: "a day as YYYY-MM-DD")
        }
        return day
    }

    /// The time zone of civil days, `time_zone`; UTC when absent.
    public func zone() throws(ViewError) -> CivilZone {
        guard let name = try text("time_zone") else { return .utc }
        guard let zone = CivilZone(named: name) else {
            throw .badParameter(
                name: "time_zone", found: "not a zone of this machine's tz database",
                allowed: "UTC, or a name such as Asia/Shanghai (package tzdata)")
        }
        return zone
    }

    /// One of several words.
    public func choice(_ name: String, of words: [String], default word: String) throws(ViewError) -> String {
        let found = try text(name) ?? word
        guard words.contains(found) else {
            throw .badParameter(name: name, found: "an unknown word", allowed: words.joined(separator: ", "))
        }
        return found
    }

    /// The parameter `limit`, from 1 to `max`.
    public func limit(default count: Int, max: Int) throws(ViewError) -> Int {
        let limit = try integer("limit") ?? Int64(count)
        guard limit >= 1, limit <= max else {
            throw .badParameter(name: "limit", found: "out of range", allowed: "1 to \(max)")
        }
        return Int(limit)
    }
}
