import CRMEvents
import CanonicalJSON
import EventModel
import ProjectionRuntime

/// One page of a customer's timeline: the chunks of the account and of its leads, merged by position, newest first.
struct TimelinePage {
    /// Entries per page, unless asked otherwise and at most.
    static let limitDefault = 50
    static let limitMax = 500
    /// Chunks that one page reads per source, at most: what bounds a page whose filter matches nothing.
    static let chunkCountMax = 64

    /// Newest first.
    let entries: [TimelineEntry]
    /// The parameter `before` of the next page; `nil` at the end. A page may be short, or empty, and still have one:
    /// then the bound on chunks was reached before the page was full.
    let next: UInt64?

    /// The page, each entry with what its event says about a person: `null` for nothing, else fields or a mark.
    func json(in snapshot: ViewSnapshot) throws(ViewError) -> JSON {
        var rows: [JSON] = []
        for entry in entries {
            let event = entry.isPersonal ? try snapshot.event(at: Position(entry.position)) : nil
            rows.append(entry.json(personal: event?.personal.json ?? .null))
        }
        return ["entries": .array(rows), "next": .from(next.map { Int64(clamping: $0) })]
    }

    /// Which entries are meant.
    struct Filter {
        /// Entries below this position only.
        var before: UInt64?
        var limit = TimelinePage.limitDefault
        var type: String?
        var channel: String?
        /// Types, any of which is meant; `nil` for all.
        var types: Set<String>?

        init(_ parameters: ViewParameters) throws(ViewError) {
            if let position = try parameters.integer("before") {
                guard position >= 0 else {
                    throw .badParameter(name: "before", found: "negative", allowed: "a position, 0 or greater")
                }
                before = UInt64(position)
            }
            limit = try parameters.limit(default: TimelinePage.limitDefault, max: TimelinePage.limitMax)
            type = try parameters.text("type")
            channel = try parameters.text("channel")
        }

        func matches(_ entry: TimelineEntry) -> Bool {
            if let before, entry.position >= before { return false }
            if let type, entry.type != type { return false }
            if let types, !types.contains(entry.type) { return false }
            if let channel, entry.channel != channel { return false }
            return true
        }
    }

    /// Reads a page.
    init(of sources: [PartyKey], _ filter: Filter, in snapshot: ViewSnapshot) throws(ViewError) {
        var found: [TimelineEntry] = []
        var floor: UInt64 = 0
        // The last entry that the page still has to know of.
        var last: UInt64 = 0
        for source in sources {
            let part = try Self.read(source, filter, from: last, in: snapshot)
            floor = max(floor, part.floor)
            guard !part.entries.isEmpty else { continue }
            found += part.entries
            if sources.count > 1 { found.sort { $0.position > $1.position } }
            guard found.count > filter.limit else { continue }
            found.removeLast(found.count - filter.limit - 1)
            last = found[filter.limit].position
        }
        // Below the highest floor some source was not read, so nothing below it can be merged yet.
        if floor > 0 { found.removeAll { $0.position < floor } }
        let isCut = found.count > filter.limit
        if isCut { found.removeLast(found.count - filter.limit) }
        entries = found
        next = isCut ? entries.last?.position : floor > 0 ? floor : nil
    }

    /// The matching entries of one source down to a position, newest first, and the position down to which they are all
    /// of them.
    ///
    /// It stops with one entry more than the page holds, so that the page knows whether another one follows.
    private static func read(
        _ source: PartyKey, _ filter: Filter, from last: UInt64, in snapshot: ViewSnapshot
    ) throws(ViewError) -> (entries: [TimelineEntry], floor: UInt64) {
        guard filter.before != 0 else { return ([], 0) }
        var found: [TimelineEntry] = []
        var oldest: UInt64 = 0
        var chunkCount = 0
        var floor: UInt64 = 0
        let newest = TimelineKey(source, filter.before.map { $0 - 1 } ?? .max)
        try snapshot.forEach(Customer360.timelineTable, of: source, from: newest, direction: .backward) {
            (key, chunk) throws(ViewError) -> Bool in
            guard found.count <= filter.limit, chunkCount < chunkCountMax else {
                floor = oldest
                return false
            }
            guard chunk.newestPosition >= last else { return false }
            guard let entries = chunk.entries else {
                throw .corruptRow("table '\(Customer360.timelineTable.name)': a chunk is not readable")
            }
            for entry in entries.reversed() where filter.matches(entry) { found.append(entry) }
            oldest = key.first
            chunkCount += 1
            return true
        }
        return (found, floor)
    }
}
